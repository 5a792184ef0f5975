package io.jimbot.eventbus.event.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireWriterTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 126, 127, 128, 129, 16_383, 16_384, 16_385, 2_097_151, 2_097_152})
  void messagesOfEveryLengthAreNestedAsProtobufDoes(int length) throws IOException {
    byte[] content = new byte[length];
    WireWriter out = new WireWriter();
    out.int64(1, 5);
    int outer = out.open(2);
    int inner = out.open(300);
    out.put(content, 0, length);
    out.close(inner);
    out.bool(3, true);
    out.close(outer);
    out.bytes(4, content, 0, length);

    UnknownFieldSet read = UnknownFieldSet.parseFrom(out.copy(0, out.size()));
    UnknownFieldSet nested =
        UnknownFieldSet.parseFrom(read.getField(2).getLengthDelimitedList().get(0));
    assertThat(nested.getField(300).getLengthDelimitedList())
        .containsExactly(ByteString.copyFrom(content));
    assertThat(nested.getField(3).getVarintList()).containsExactly(1L);
    assertThat(read.getField(4).getLengthDelimitedList().get(0).size()).isEqualTo(length);
    assertThat(read.toByteArray()).isEqualTo(out.copy(0, out.size()));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 127, 128, 16_383, 16_384, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 35})
  void numbersAreWrittenAsProtobufDoes(long value) throws IOException {
    WireWriter out = new WireWriter();
    out.int64(1, value);
    out.float64(2, Double.longBitsToDouble(value));
    CodedInputStream in = CodedInputStream.newInstance(out.copy(0, out.size()));
    assertThat(in.readTag()).isEqualTo(1 << 3 | WireFormat.WIRETYPE_VARINT);
    assertThat(in.readInt64()).isEqualTo(value);
    assertThat(in.readTag()).isEqualTo(2 << 3 | WireFormat.WIRETYPE_FIXED64);
    assertThat(in.readDouble()).isEqualTo(Double.valueOf(Double.longBitsToDouble(value)));
    assertThat(in.isAtEnd()).isTrue();
  }
}
