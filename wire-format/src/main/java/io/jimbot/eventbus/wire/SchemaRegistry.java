package io.jimbot.eventbus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the ids of schemas in a registry that speaks Confluent's REST API, and puts there what is
 * missing if it may. A file is known under the subject of its topic, the files that it imports
 * under their own names. Remembers nothing; blocks. Thread-safe.
 */
final class SchemaRegistry {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final RegistryHttp http;
  private final boolean autoRegister;
  private final boolean useLatest;

  SchemaRegistry(RegistryProperties properties) {
    this.http = new RegistryHttp(properties);
    this.autoRegister = properties.autoRegister();
    this.useLatest = properties.useLatest();
  }

  /** What the registry calls a schema: an id of its own, and a version within its subject. */
  private record Place(int id, int version) {}

  /** The id of a file's schema under a subject; with the latest version, whatever that holds. */
  int idOf(String subject, FileDescriptor file) throws RegistryException {
    return useLatest ? latest(subject) : place(subject, file, new HashMap<>()).id();
  }

  private int latest(String subject) throws RegistryException {
    return id(http.get("/subjects/" + encoded(subject) + "/versions/latest"), subject);
  }

  /**
   * Looks first: a registry that knows everything is not written to.
   *
   * @param known the files that were placed already, since several import the same one
   */
  private Place place(String subject, FileDescriptor file, Map<String, Place> known)
      throws RegistryException {
    Place seen = known.get(subject);
    if (seen != null) {
      return seen;
    }
    SchemaText schema = SchemaText.of(file);
    ObjectNode request =
        JSON.objectNode().put("schemaType", "PROTOBUF").put("schema", schema.text());
    ArrayNode references = request.putArray("references");
    for (FileDescriptor imported : schema.imports()) {
      String name = imported.getFullName();
      int version = place(name, imported, known).version();
      references.addObject().put("name", name).put("subject", name).put("version", version);
    }
    Place place = lookUpOrRegister(subject, request);
    known.put(subject, place);
    return place;
  }

  private Place lookUpOrRegister(String subject, ObjectNode request) throws RegistryException {
    try {
      return lookUp(subject, request);
    } catch (RegistryException e) {
      if (!autoRegister || !e.notFound()) {
        throw e;
      }
    }
    http.post("/subjects/" + encoded(subject) + "/versions", request);
    return lookUp(subject, request);
  }

  private Place lookUp(String subject, ObjectNode request) throws RegistryException {
    JsonNode answer = http.post("/subjects/" + encoded(subject), request);
    return new Place(id(answer, subject), answer.path("version").asInt());
  }

  private static int id(JsonNode answer, String subject) throws RegistryException {
    if (!answer.path("id").isInt()) {
      throw RegistryException.unreachable("an answer without an id for " + subject, null);
    }
    return answer.path("id").intValue();
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, UTF_8).replace("+", "%20");
  }
}
