package io.jimbot.eventbus.gateway.http;

import jakarta.servlet.http.HttpServletRequest;

/** The parameter {@code version}: events as they are stored, or in the current version. */
final class VersionParameter {

  private VersionParameter() {}

  /**
   * Whether events are to come in the current version of their types.
   *
   * @throws InvalidParameter if it says neither
   */
  static boolean isCurrent(HttpServletRequest request) throws InvalidParameter {
    String text = request.getParameter("version");
    if (text == null || text.equals("stored")) {
      return false;
    }
    if (text.equals("current")) {
      return true;
    }
    throw new InvalidParameter("version", "stored or current");
  }
}
