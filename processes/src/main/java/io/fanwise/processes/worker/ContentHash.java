package io.fanwise.processes.worker;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The name of a class file by what is in it: the same for equal bytes, another for others.
public final class ContentHash {

  private ContentHash() {}

  /// Names some bytes.
  ///
  /// @param bytes the bytes
  /// @return their SHA-256 in hexadecimal digits
  public static String of(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
