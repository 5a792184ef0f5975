package io.jimbot.eventbus.event.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of the leftovers, on its way back into the JSON: each member is taken once, where its
 * place is, and what no field claims is written at the end. Not thread-safe.
 */
final class LeftoverMembers {
  /** No leftovers. */
  static final LeftoverMembers NONE = new LeftoverMembers(new byte[0]);

  private final byte[] json;
  private final List<Member> members = new ArrayList<>();

  /** Those that are not taken yet and whose names are Unicode, so that a field can have them. */
  private final Map<String, Member> byName = new HashMap<>();

  private LeftoverMembers(byte[] json) {
    this.json = json;
  }

  /** One member. */
  private static final class Member {
    final int nameFrom;
    final int nameTo;
    final int from;
    final int to;
    boolean taken;

    /**
     * @param nameFrom where the name begins, behind its quote
     * @param nameTo where the name ends, exclusive
     * @param from where the value begins
     * @param to where the value ends, exclusive
     */
    Member(int nameFrom, int nameTo, int from, int to) {
      this.nameFrom = nameFrom;
      this.nameTo = nameTo;
      this.from = from;
      this.to = to;
    }
  }

  /** Reads a JSON object that the decoder has written. */
  static LeftoverMembers of(byte[] json) {
    return read(json, 0, json.length);
  }

  private static LeftoverMembers read(byte[] json, int from, int to) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(json, from, to, Integer.MAX_VALUE);
    cursor.expect('{');
    LeftoverMembers read = new LeftoverMembers(json);
    for (boolean first = true; cursor.nextMember(first); first = false) {
      int nameFrom = cursor.stringFrom();
      int nameTo = cursor.stringTo();
      String name = JsonUnescaper.text(json, nameFrom, nameTo, cursor.stringEscaped());
      int start = cursor.position();
      cursor.skipValue(Integer.MAX_VALUE);
      Member member = new Member(nameFrom, nameTo, start, cursor.position());
      read.members.add(member);
      if (name != null) {
        read.byName.putIfAbsent(name, member);
      }
    }
    return read;
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  boolean isObject(String name) {
    Member member = byName.get(name);
    return member != null && json[member.from] == '{';
  }

  /** Takes the members of the object under {@code name}; none if there is no such object. */
  LeftoverMembers within(String name) {
    if (!isObject(name)) {
      return NONE;
    }
    Member member = take(name);
    return member == null ? NONE : read(json, member.from, member.to);
  }

  /** Takes the value under {@code name} and writes it; false if there is none. */
  boolean writeInstead(String name, JsonSink out) {
    Member member = take(name);
    if (member == null) {
      return false;
    }
    out.raw(json, member.from, member.to);
    return true;
  }

  private @Nullable Member take(String name) {
    Member member = byName.remove(name);
    if (member != null) {
      member.taken = true;
    }
    return member;
  }

  /** Writes the members that were not taken. */
  void writeRest(JsonSink out) {
    for (Member member : members) {
      if (!member.taken) {
        out.name(json, member.nameFrom, member.nameTo);
        out.raw(json, member.from, member.to);
      }
    }
  }
}
