package io.jimbot.eventbus.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.jimbot.eventbus.proto.ProposedSchema.Verdict;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.Joker;
import io.jimbot.events.v1.JokersChanged;
import io.jimbot.events.v1.MoneyChanged;
import org.junit.jupiter.api.Test;

class ProposedSchemaTest {

  private static final ByteString MONEY =
      Event.newBuilder()
          .setEventId("e")
          .setGameId("g")
          .setMoneyChanged(MoneyChanged.newBuilder().setOldValue(4).setNewValue(1L << 40))
          .build()
          .toByteString();

  private static Verdict judge(FileDescriptorSet schema, ByteString event) throws Exception {
    return ProposedSchema.of(schema).judge(event);
  }

  @Test
  void thePresentSchemaLosesNothing() throws Exception {
    assertThat(judge(Contract.current(), MONEY).isFine()).isTrue();
  }

  @Test
  void aFieldThatIsGoneIsLostWithItsPath() throws Exception {
    FileDescriptorSet without =
        ChangedContract.withoutField(Contract.current(), "MoneyChanged", "old_value");

    assertThat(judge(without, MONEY).losses())
        .singleElement()
        .asString()
        .startsWith("money_changed.old_value: no field has number");
    assertThat(judge(without, ByteString.EMPTY).isFine()).isTrue();
  }

  @Test
  void aFieldThatIsRenamedLosesNothing() throws Exception {
    FileDescriptorSet renamed =
        ChangedContract.withField(
            Contract.current(), "MoneyChanged", "old_value", field -> field.setName("before"));

    assertThat(judge(renamed, MONEY).isFine()).isTrue();
  }

  @Test
  void aTypeThatHoldsLessChangesOnlyTheValuesThatItCannotHold() throws Exception {
    FileDescriptorSet narrow =
        ChangedContract.withField(
            Contract.current(), "Event", "sequence_number", f -> f.setType(Type.TYPE_INT32));

    assertThat(judge(narrow, numbered(5)).isFine()).isTrue();
    assertThat(judge(narrow, numbered(1L << 40)).losses())
        .containsExactly("sequence_number: reads as another value of sequence_number");
  }

  private static ByteString numbered(long number) {
    return Event.newBuilder().setSequenceNumber(number).build().toByteString();
  }

  @Test
  void aTypeOfAnotherEncodingIsNotRead() throws Exception {
    FileDescriptorSet changed =
        ChangedContract.withField(
            Contract.current(), "Event", "game_id", f -> f.setType(Type.TYPE_INT64));

    assertThat(judge(changed, MONEY).losses()).containsExactly("game_id: is not read as int64");
  }

  @Test
  void textThatBecomesBytesIsTheSame() throws Exception {
    FileDescriptorSet changed =
        ChangedContract.withField(
            Contract.current(), "Event", "game_id", f -> f.setType(Type.TYPE_BYTES));

    assertThat(judge(changed, MONEY).isFine()).isTrue();
  }

  @Test
  void elementsOfListsAreNamedByTheirPlace() throws Exception {
    ByteString jokers =
        Event.newBuilder()
            .setJokersChanged(
                JokersChanged.newBuilder()
                    .addJokers(Joker.newBuilder().setName("a"))
                    .addJokers(Joker.newBuilder().setName("b")))
            .build()
            .toByteString();
    FileDescriptorSet changed =
        ChangedContract.withField(
            Contract.current(), "Joker", "name", f -> f.setType(Type.TYPE_INT64));

    assertThat(judge(changed, jokers).losses())
        .containsExactly(
            "jokers_changed.jokers[0].name: is not read as int64",
            "jokers_changed.jokers[1].name: is not read as int64");
  }

  @Test
  void anEventThatCannotBeReadAtAllFails() throws Exception {
    ByteString bytes =
        Event.newBuilder()
            .setLeftovers(ByteString.copyFrom(new byte[] {-1}))
            .build()
            .toByteString();
    FileDescriptorSet asText =
        ChangedContract.withField(
            Contract.current(), "Event", "leftovers", f -> f.setType(Type.TYPE_STRING));

    assertThat(judge(asText, bytes).failure()).contains("UTF-8");
  }

  @Test
  void aSetWithoutAnEventOrOneThatDoesNotFitTogetherIsRefused() {
    assertThatThrownBy(() -> ProposedSchema.of(FileDescriptorSet.getDefaultInstance()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jimbot.events.v1.Event");
    FileDescriptorSet lost =
        ChangedContract.withFile(
            Contract.current(), "event.proto", file -> file.addDependency("lost.proto"));
    assertThatThrownBy(() -> ProposedSchema.of(lost))
        .hasMessage("lost.proto is imported and missing");
  }
}
