package io.fanwise.processes;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Classes compiled in memory, by name.
record Compiled(Map<String, byte[]> classes) {

  static Compiled of(String name, String source) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();
    var files =
        new ForwardingJavaFileManager<JavaFileManager>(
            compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String className, Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
              @Override
              public OutputStream openOutputStream() {
                return written.computeIfAbsent(className, _ -> new ByteArrayOutputStream());
              }
            };
          }
        };
    var text =
        new SimpleJavaFileObject(
            URI.create("mem:///" + name.replace('.', '/') + ".java"), Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    String path = System.getProperty("java.class.path");
    var options = List.of("-proc:none", "-classpath", path);
    if (!compiler.getTask(null, files, null, options, null, List.of(text)).call()) {
      throw new IllegalArgumentException("does not compile: " + source);
    }
    Map<String, byte[]> classes = new LinkedHashMap<>();
    written.forEach((className, bytes) -> classes.put(className, bytes.toByteArray()));
    return new Compiled(classes);
  }
}
