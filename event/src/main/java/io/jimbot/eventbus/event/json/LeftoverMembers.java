package io.jimbot.eventbus.event.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * One object of the leftovers, on its way back into the JSON: each member is taken once, where its
 * place is, and what no field claims is written at the end. Not thread-safe.
 */
final class LeftoverMembers {
  /** No leftovers. */
  static final LeftoverMembers NONE = new LeftoverMembers(new byte[0], List.of());

  private final byte[] json;
  private final List<Member> members;

  private LeftoverMembers(byte[] json, List<Member> members) {
    this.json = json;
    this.members = members;
  }

  /**
   * @param name the name, its escape sequences resolved
   * @param nameFrom where the name begins, behind its quote
   * @param nameTo where the name ends, exclusive
   * @param from where the value begins
   * @param to where the value ends, exclusive
   */
  private record Member(String name, int nameFrom, int nameTo, int from, int to) {}

  /** Reads a JSON object that the decoder has written. */
  static LeftoverMembers of(byte[] json) {
    return read(json, 0, json.length);
  }

  private static LeftoverMembers read(byte[] json, int from, int to) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(json, from, to, Integer.MAX_VALUE);
    cursor.expect('{');
    List<Member> members = new ArrayList<>();
    boolean first = true;
    while (cursor.nextMember(first)) {
      first = false;
      int nameFrom = cursor.stringFrom();
      int nameTo = cursor.stringTo();
      String name = JsonUnescaper.text(json, nameFrom, nameTo, cursor.stringEscaped());
      int start = cursor.position();
      cursor.skipValue(Integer.MAX_VALUE);
      String matched = name == null ? new String(json, nameFrom, nameTo - nameFrom, UTF_8) : name;
      members.add(new Member(matched, nameFrom, nameTo, start, cursor.position()));
    }
    return new LeftoverMembers(json, members);
  }

  private int indexOf(String name) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  boolean has(String name) {
    return indexOf(name) >= 0;
  }

  boolean isObject(String name) {
    int index = indexOf(name);
    return index >= 0 && json[members.get(index).from()] == '{';
  }

  /** Takes the members of the object under {@code name}; none if there is no such object. */
  LeftoverMembers within(String name) {
    if (!isObject(name)) {
      return NONE;
    }
    Member member = members.remove(indexOf(name));
    return read(json, member.from(), member.to());
  }

  /** Takes the value under {@code name} and writes it; false if there is none. */
  boolean writeInstead(String name, JsonSink out) {
    int index = indexOf(name);
    if (index < 0) {
      return false;
    }
    Member member = members.remove(index);
    out.raw(json, member.from(), member.to());
    return true;
  }

  /** Writes the members that were not taken. */
  void writeRest(JsonSink out) {
    for (Member member : members) {
      out.name(json, member.nameFrom(), member.nameTo());
      out.raw(json, member.from(), member.to());
    }
  }
}
