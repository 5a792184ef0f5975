package io.jimbot.eventbus.proto;

import static io.jimbot.eventbus.proto.ChangedContract.withField;
import static io.jimbot.eventbus.proto.ChangedContract.withFile;
import static io.jimbot.eventbus.proto.ChangedContract.withMessage;
import static io.jimbot.eventbus.proto.ChangedContract.withoutField;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.jimbot.events.v1.JsonMappingProto;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DescriptorComparisonTest {

  private static final FileDescriptorSet RELEASED = Contract.current();

  @Test
  void anUnchangedContractBreaksNothing() {
    assertThat(changes(RELEASED)).isEmpty();
  }

  @Test
  void newFieldsMessagesAndFilesBreakNothing() {
    FileDescriptorSet current =
        withMessage(RELEASED, "Joker", type -> type.addField(optionalText("nickname", 90)));
    current =
        withFile(
            current,
            "cards.proto",
            f -> f.addMessageType(DescriptorProto.newBuilder().setName("Tag")));
    current =
        current.toBuilder()
            .addFile(FileDescriptorProto.newBuilder().setName("jimbot/events/v1/tags.proto"))
            .build();

    assertThat(changes(current)).isEmpty();
  }

  @Test
  void aNewFieldInAOneofBreaksNothing() {
    FileDescriptorSet current =
        withMessage(
            RELEASED, "Event", type -> type.addField(optionalText("note", 999).setOneofIndex(0)));

    assertThat(changes(current)).isEmpty();
  }

  @Test
  void movingAMessageToAnotherFileBreaksNothing() {
    FileDescriptorSet current =
        withFile(RELEASED, "shop.proto", file -> file.addMessageType(message("Joker")));
    current =
        withFile(
            current,
            "cards.proto",
            file -> file.removeMessageType(file.getMessageTypeList().indexOf(message("Joker"))));

    assertThat(changes(current)).isEmpty();
  }

  @Test
  void aRemovedFieldIsABreakingChange() {
    FileDescriptorSet current = withoutField(RELEASED, "Joker", "name");

    assertThat(changes(current))
        .containsExactly(
            new BreakingChange(
                "jimbot.events.v1.Joker.name",
                "the field was removed, and its number and name not reserved",
                "A later field may take it over and misread stored events; reserve 3 and"
                    + " \"name\"."));
  }

  @Test
  void aRemovedFieldWithOnlyItsNumberReservedIsABreakingChange() {
    FileDescriptorSet current = withoutField(RELEASED, "Joker", "name");
    current = withMessage(current, "Joker", type -> type.addReservedRange(range(3, 4)));

    assertSingleChange(current, "Joker.name", "its name not reserved");
  }

  @Test
  void aRemovedFieldWithOnlyItsNameReservedIsABreakingChange() {
    FileDescriptorSet current = withoutField(RELEASED, "Joker", "name");
    current = withMessage(current, "Joker", type -> type.addReservedName("name"));

    assertSingleChange(current, "Joker.name", "its number not reserved");
  }

  @Test
  void aRemovedFieldWithNumberAndNameReservedBreaksNothing() {
    FileDescriptorSet current = withoutField(RELEASED, "Joker", "name");
    current =
        withMessage(
            current, "Joker", type -> type.addReservedRange(range(3, 4)).addReservedName("name"));

    assertThat(changes(current)).isEmpty();
  }

  @Test
  void aRenamedFieldIsABreakingChange() {
    FileDescriptorSet current =
        withField(RELEASED, "Joker", "name", field -> field.setName("title"));

    assertSingleChange(current, "Joker.name", "number 3 now belongs to a field named title");
  }

  @Test
  void aNumberReusedWithAnotherNameAndTypeIsTwoBreakingChanges() {
    FileDescriptorSet current =
        withField(
            RELEASED,
            "Joker",
            "name",
            field -> field.setName("level").setType(FieldDescriptorProto.Type.TYPE_INT64));

    assertThat(changes(current))
        .extracting(BreakingChange::what)
        .containsExactly(
            "number 3 now belongs to a field named level", "the type changed from string to int64");
  }

  @Test
  void aRenumberedFieldIsABreakingChange() {
    FileDescriptorSet current = withField(RELEASED, "Joker", "name", field -> field.setNumber(33));

    assertSingleChange(current, "Joker.name", "the number changed from 3 to 33");
  }

  @Test
  void anotherTypeIsABreakingChangeEvenIfTheWireFormIsTheSame() {
    FileDescriptorSet current =
        withField(
            RELEASED,
            "Joker",
            "position",
            field -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64));

    assertSingleChange(current, "Joker.position", "the type changed from int64 to uint64");
  }

  @Test
  void anotherMessageTypeIsABreakingChange() {
    FileDescriptorSet current =
        withField(
            RELEASED,
            "Joker",
            "properties",
            field -> field.setTypeName(".jimbot.events.v1.ConsumableProperties"));

    assertSingleChange(current, "Joker.properties", "ConsumableProperties");
  }

  @Test
  void aListThatBecomesASingleValueIsABreakingChange() {
    FileDescriptorSet current =
        withField(RELEASED, "GameState", "jokers", field -> field.setLabel(Label.LABEL_OPTIONAL));

    assertSingleChange(
        current, "GameState.jokers", "it was repeated and is singular with presence");
  }

  @Test
  void anotherValueTypeOfAMapIsABreakingChange() {
    FileDescriptorSet current =
        withMessage(
            RELEASED,
            "KnowledgeUpdate",
            type ->
                type.getNestedTypeBuilderList().stream()
                    .filter(entry -> entry.getName().equals("MeasuresEntry"))
                    .forEach(
                        entry ->
                            entry
                                .getFieldBuilder(1)
                                .setType(FieldDescriptorProto.Type.TYPE_FLOAT)));

    assertSingleChange(
        current, "KnowledgeUpdate.measures", "from map<string, double> to map<string, float>");
  }

  @Test
  void aMapThatBecomesAListOfEntriesIsABreakingChange() {
    FileDescriptorSet current =
        withMessage(
            RELEASED,
            "GameState",
            type ->
                type.getNestedTypeBuilderList()
                    .forEach(entry -> entry.getOptionsBuilder().clearMapEntry()));

    assertThat(changes(current))
        .extracting(BreakingChange::path)
        .containsExactly(
            "jimbot.events.v1.GameState.score_history", "jimbot.events.v1.GameState.shop_items");
  }

  @Test
  void lostPresenceIsABreakingChange() {
    FileDescriptorSet current =
        withField(
            RELEASED, "Joker", "name", field -> field.clearProto3Optional().clearOneofIndex());

    assertSingleChange(
        current, "Joker.name", "it was singular with presence and is singular without presence");
  }

  @Test
  void movingAFieldOutOfAOneofIsABreakingChange() {
    FileDescriptorSet current =
        withField(RELEASED, "Event", "game_state", FieldDescriptorProto.Builder::clearOneofIndex);

    assertSingleChange(current, "Event.game_state", "it was in oneof payload and is in no oneof");
  }

  @Test
  void movingAFieldIntoAOneofIsABreakingChange() {
    FileDescriptorSet current =
        withField(
            RELEASED, "Event", "event_id", field -> field.clearProto3Optional().setOneofIndex(0));

    assertSingleChange(current, "Event.event_id", "it was in no oneof and is in oneof payload");
  }

  @Test
  void aRemovedOneofIsABreakingChangeOfItsOwn() {
    FileDescriptorSet current =
        withMessage(
            RELEASED,
            "CommandRecord",
            type -> {
              type.getFieldBuilderList().forEach(FieldDescriptorProto.Builder::clearOneofIndex);
              type.clearOneofDecl();
            });

    assertThat(changes(current))
        .contains(
            new BreakingChange(
                "jimbot.events.v1.CommandRecord.record",
                "the oneof was removed or renamed",
                "Programs that ask which of its fields is set do not compile."));
  }

  @Test
  void aChangedJsonNameIsABreakingChange() {
    FileDescriptorSet current =
        withField(RELEASED, "Joker", "id_text", field -> field.setJsonName("label"));

    assertSingleChange(current, "Joker.id_text", "the JSON name changed from idText to label");
  }

  @Test
  void aJsonNameThatOnlySpellsOutTheDefaultBreaksNothing() {
    FileDescriptorSet current =
        withField(RELEASED, "Joker", "id_text", field -> field.setJsonName("idText"));

    assertThat(changes(current)).isEmpty();
  }

  @Test
  void aChangedTextOfIsABreakingChange() {
    FileDescriptorSet current =
        withField(
            RELEASED,
            "Joker",
            "id_text",
            field -> field.getOptionsBuilder().setExtension(JsonMappingProto.textOf, "position"));

    assertSingleChange(current, "Joker.id_text", "text_of changed from \"id\" to \"position\"");
  }

  @Test
  void aRemovedTextOfIsABreakingChange() {
    FileDescriptorSet current =
        withField(
            RELEASED,
            "Joker",
            "id_text",
            field -> field.getOptionsBuilder().clearExtension(JsonMappingProto.textOf));

    assertSingleChange(current, "Joker.id_text", "text_of changed from \"id\" to \"\"");
  }

  @Test
  void aReservationThatIsTakenBackIsABreakingChange() {
    FileDescriptorSet released =
        withMessage(
            RELEASED,
            "Joker",
            type -> type.addReservedRange(range(50, 60)).addReservedName("price"));

    assertThat(DescriptorComparison.of(released, RELEASED).breakingChanges())
        .extracting(BreakingChange::path)
        .containsExactly(
            "jimbot.events.v1.Joker.reserved 50 to 59", "jimbot.events.v1.Joker.reserved price");
  }

  private static void assertSingleChange(FileDescriptorSet current, String path, String what) {
    assertThat(changes(current))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.path()).isEqualTo("jimbot.events.v1." + path);
              assertThat(change.what()).contains(what);
              assertThat(change.consequence()).isNotBlank();
            });
  }

  private static List<BreakingChange> changes(FileDescriptorSet current) {
    return DescriptorComparison.of(RELEASED, current).breakingChanges();
  }

  private static DescriptorProto message(String name) {
    return RELEASED.getFileList().stream()
        .flatMap(file -> file.getMessageTypeList().stream())
        .filter(message -> message.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ReservedRange range(int start, int end) {
    return ReservedRange.newBuilder().setStart(start).setEnd(end).build();
  }

  private static FieldDescriptorProto.Builder optionalText(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(FieldDescriptorProto.Type.TYPE_STRING)
        .setLabel(Label.LABEL_OPTIONAL);
  }
}
