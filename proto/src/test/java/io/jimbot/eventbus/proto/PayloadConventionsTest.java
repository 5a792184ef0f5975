package io.jimbot.eventbus.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonMappingProto;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules by which the JSON decoder finds fields, and by which 0 and absent stay different. */
final class PayloadConventionsTest {

  /** Raw JSON has no message, and a class named Error would hide the one of the language. */
  private static final Set<String> NAMED_OTHERWISE = Set.of("json", "error");

  @Test
  void aPayloadFieldIsNamedAsItsTypeAndSubtypeInLowerSnakeCase() {
    assertThat(payloads())
        .extracting(FieldDescriptor::getName)
        .allMatch(name -> name.matches("[a-z]+(_[a-z]+)*"));
  }

  @Test
  void aPayloadMessageIsNamedAsItsField() {
    assertThat(payloads())
        .filteredOn(field -> !NAMED_OTHERWISE.contains(field.getName()))
        .allSatisfy(
            field ->
                assertThat(field.getMessageType().getName())
                    .isEqualTo(pascalCase(field.getName())));
  }

  @Test
  void everyScalarOfAPayloadHasPresence() {
    assertThat(payloadFields())
        .filteredOn(field -> !field.isRepeated() && field.getJavaType() != JavaType.MESSAGE)
        .isNotEmpty()
        .allMatch(FieldDescriptor::hasPresence);
  }

  @Test
  void noFieldOfAPayloadIsAnEnumOrAForeignMessage() {
    assertThat(payloadFields()).noneMatch(field -> field.getJavaType() == JavaType.ENUM);
    assertThat(payloadMessages())
        .extracting(message -> message.getFile().getPackage())
        .containsOnly("jimbot.events.v1");
  }

  @Test
  void everyFieldNameIsTheSnakeCaseOfAJsonKey() {
    assertThat(payloadFields())
        .extracting(FieldDescriptor::getName)
        .allMatch(name -> name.matches("[a-z]+(_[a-z0-9]+)*"));
  }

  @Test
  void everyTextOfNamesAFieldOfItsMessageThatHoldsNoText() {
    assertThat(payloadFields())
        .filteredOn(field -> !textOf(field).isEmpty())
        .isNotEmpty()
        .allSatisfy(
            field -> {
              FieldDescriptor typed = field.getContainingType().findFieldByName(textOf(field));
              assertThat(typed).as("the field that %s takes the text of", field).isNotNull();
              assertThat(typed.isRepeated()).isFalse();
              assertThat(typed.getJavaType()).isNotEqualTo(JavaType.STRING);
              assertThat(field.getJavaType()).isEqualTo(JavaType.STRING);
              assertThat(field.getName()).isEqualTo(textOf(field) + "_text");
            });
  }

  private static List<FieldDescriptor> payloads() {
    return Event.getDescriptor().getRealOneofs().get(0).getFields();
  }

  private static List<FieldDescriptor> payloadFields() {
    return payloadMessages().stream()
        .filter(message -> !message.getOptions().getMapEntry())
        .flatMap(message -> message.getFields().stream())
        .toList();
  }

  private static Set<Descriptor> payloadMessages() {
    Set<Descriptor> messages = new LinkedHashSet<>();
    payloads().forEach(field -> collect(field, messages));
    return messages;
  }

  private static void collect(FieldDescriptor field, Set<Descriptor> messages) {
    if (field.getJavaType() == JavaType.MESSAGE && messages.add(field.getMessageType())) {
      field.getMessageType().getFields().forEach(inner -> collect(inner, messages));
    }
  }

  private static String textOf(FieldDescriptor field) {
    return field.getOptions().getExtension(JsonMappingProto.textOf);
  }

  private static String pascalCase(String name) {
    return Arrays.stream(name.split("_", -1))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }
}
