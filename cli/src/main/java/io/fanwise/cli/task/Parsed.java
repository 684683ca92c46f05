package io.fanwise.cli.task;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import java.util.List;

/// The syntax of one source.
record Parsed(Source source, CompilationUnitTree unit, SourcePositions positions, Errors errors) {

  List<ClassTree> classes() {
    return unit.getTypeDecls().stream()
        .filter(ClassTree.class::isInstance)
        .map(ClassTree.class::cast)
        .toList();
  }

  /// Where the user wrote a part of it.
  int from(Tree part) {
    return source.written(positions.getStartPosition(unit, part));
  }

  int to(Tree part) {
    return source.written(positions.getEndPosition(unit, part));
  }

  /// An error at a part of it.
  BadTask error(Tree part, String message) {
    return new BadTask(source.error(positions.getStartPosition(unit, part), message));
  }
}
