package io.jimbot.eventbus.service.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
public final class ProductVersion {

  private static final String RESOURCE = "eventbus-version.properties";

  private ProductVersion() {}

  /** As the build wrote it; "unknown" outside of a build. */
  public static String read() {
    Properties properties = new Properties();
    try (InputStream in = ProductVersion.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE, e);
    }
    return properties.getProperty("version", "unknown");
  }
}
