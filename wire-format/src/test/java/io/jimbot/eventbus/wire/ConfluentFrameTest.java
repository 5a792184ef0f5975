package io.jimbot.eventbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jimbot.events.v1.CommandRecord;
import io.jimbot.events.v1.DeadLetter;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.JsonForm;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfluentFrameTest {

  private static final HexFormat HEX = HexFormat.of();

  /** The bytes behind the id, as the format is defined. */
  static Stream<Arguments> indexesAndTheirBytes() {
    return Stream.of(
        Arguments.of(List.of(0), "00"),
        Arguments.of(List.of(1), "0202"),
        Arguments.of(List.of(2), "0204"),
        Arguments.of(List.of(0, 0), "040000"),
        Arguments.of(List.of(1, 0, 3), "06020006"),
        Arguments.of(List.of(63), "027e"),
        Arguments.of(List.of(64), "028001"),
        Arguments.of(List.of(300), "02d804"));
  }

  @ParameterizedTest
  @MethodSource("indexesAndTheirBytes")
  void thePrefixIsAZeroTheIdAndTheIndexes(List<Integer> indexes, String bytes) {
    byte[] prefix = ConfluentFrame.prefix(0x01020304, new MessageIndexes(indexes));

    assertThat(HEX.formatHex(prefix)).isEqualTo("0001020304" + bytes);
  }

  @ParameterizedTest
  @MethodSource("indexesAndTheirBytes")
  void theMessageIsFoundBehindAnyIndexes(List<Integer> indexes, String bytes) throws Exception {
    byte[] value = HEX.parseHex("00ffffffff" + bytes + "0a0378797a");

    assertThat(ConfluentFrame.message(value))
        .isEqualTo(ByteString.copyFrom(HEX.parseHex("0a0378797a")));
  }

  @Test
  void theLongFormOfTheFirstMessageIsReadToo() {
    assertThat(ConfluentFrame.messageStart(HEX.parseHex("000000000102000a00"))).isEqualTo(7);
  }

  static Stream<Arguments> messagesAndTheirIndexes() {
    return Stream.of(
        Arguments.of(Event.getDescriptor(), List.of(0)),
        Arguments.of(DeadLetter.getDescriptor(), List.of(0)),
        Arguments.of(CommandRecord.getDescriptor(), List.of(0)),
        Arguments.of(JsonForm.getDescriptor(), List.of(1)),
        Arguments.of(Event.getDescriptor().findNestedTypeByName("MetadataEntry"), List.of(0, 0)),
        Arguments.of(DescriptorProto.ReservedRange.getDescriptor(), List.of(2, 1)));
  }

  @ParameterizedTest
  @MethodSource("messagesAndTheirIndexes")
  void indexesAreThePlacesOfTheMessageAndThoseAroundIt(Descriptor message, List<Integer> indexes) {
    assertThat(MessageIndexes.of(message).path()).isEqualTo(indexes);
  }

  @Test
  void aPlainMessageIsNotTakenForAFrame() throws Exception {
    byte[] plain = Event.newBuilder().setEventId("e-1").build().toByteArray();

    assertThat(ConfluentFrame.isFramed(plain)).isFalse();
    assertThat(ConfluentFrame.message(plain).toByteArray()).isEqualTo(plain);
    assertThat(ConfluentFrame.message(new byte[0]).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00", // no id
        "00000000", // half an id
        "0000000001", // no indexes
        "000000000180", // half a number of indexes
        "00000000010402", // one index of two
        "00000000010280", // half an index
        "000000000101", // a negative number of indexes
        "0000000001ffffffff0f" // more indexes than there can be
      })
  void aBrokenFrameIsTold(String bytes) {
    byte[] value = HEX.parseHex(bytes);

    assertThat(ConfluentFrame.messageStart(value)).isEqualTo(-1);
    assertThatThrownBy(() -> ConfluentFrame.message(value))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void anEmptyMessageInAFrameIsEmpty() throws Exception {
    assertThat(ConfluentFrame.message(HEX.parseHex("000000000100")).isEmpty()).isTrue();
  }
}
