package io.jimbot.eventbus.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
final class GatewayVersion {

  private static final String RESOURCE = "gateway-version.properties";

  private GatewayVersion() {}

  /** As the build wrote it; "unknown" outside of a build. */
  static String read() {
    Properties properties = new Properties();
    try (InputStream in = GatewayVersion.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE, e);
    }
    return properties.getProperty("version", "unknown");
  }
}
