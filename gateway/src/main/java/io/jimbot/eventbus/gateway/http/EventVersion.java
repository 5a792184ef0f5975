package io.jimbot.eventbus.gateway.http;

import jakarta.servlet.http.HttpServletRequest;

/** In which version of its type an event is given out, by the parameter {@code version}. */
enum EventVersion {
  /** In that in which it is stored. */
  STORED,
  /** In the current one. */
  CURRENT;

  static EventVersion read(HttpServletRequest request) throws InvalidParameter {
    String text = request.getParameter("version");
    if (text == null || text.equals("stored")) {
      return STORED;
    }
    if (text.equals("current")) {
      return CURRENT;
    }
    throw new InvalidParameter("version", "stored or current");
  }
}
