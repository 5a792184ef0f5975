package io.jimbot.eventbus.proto;

import static io.jimbot.eventbus.proto.ChangedContract.withEnum;
import static io.jimbot.eventbus.proto.ChangedContract.withFile;
import static io.jimbot.eventbus.proto.ChangedContract.withMessage;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the comparison finds about files, messages, enums, services and options as a whole. */
final class DescriptorComparisonOfNamesTest {

  private static final FileDescriptorSet RELEASED = Contract.current();
  private static final String STAGE = "DeadLetterStage";

  @Test
  void aRemovedMessageIsABreakingChange() {
    FileDescriptorSet current =
        withFile(RELEASED, "knowledge.proto", FileDescriptorProto.Builder::clearMessageType);

    assertThat(changes(RELEASED, current))
        .extracting(BreakingChange::toString)
        .containsExactly(
            "jimbot.events.v1.KnowledgeRelation: the message was removed. Programs that name it do"
                + " not compile; readers who find messages by name find none.",
            "jimbot.events.v1.KnowledgeUpdate: the message was removed. Programs that name it do"
                + " not compile; readers who find messages by name find none.");
  }

  @Test
  void aRenamedMessageIsABreakingChangeThatNamesTheNewOne() {
    FileDescriptorSet current =
        withMessage(RELEASED, "DeadLetter", type -> type.setName("LostEvent"));

    assertSingleChange(RELEASED, current, "DeadLetter", "renamed to jimbot.events.v1.LostEvent");
  }

  @Test
  void aRemovedFileIsABreakingChangeForThoseWhoImportIt() {
    FileDescriptorSet current =
        withFile(RELEASED, "command.proto", file -> file.setName("jimbot/events/v1/orders.proto"));

    assertThat(changes(RELEASED, current))
        .singleElement()
        .extracting(BreakingChange::path, BreakingChange::what)
        .containsExactly("jimbot/events/v1/command.proto", "the file was removed");
  }

  @Test
  void anotherJavaPackageIsABreakingChange() {
    FileDescriptorSet current =
        withFile(
            RELEASED,
            "command.proto",
            file -> file.getOptionsBuilder().setJavaPackage("io.jimbot"));

    assertThat(changes(RELEASED, current))
        .singleElement()
        .extracting(BreakingChange::what)
        .isEqualTo("the Java names changed from io.jimbot.events.v1.* to io.jimbot.*");
  }

  @Test
  void aNewEnumValueBreaksNothing() {
    FileDescriptorSet current =
        withEnum(
            RELEASED,
            STAGE,
            type ->
                type.addValue(
                    EnumValueDescriptorProto.newBuilder()
                        .setName("DEAD_LETTER_STAGE_NEW")
                        .setNumber(99)));

    assertThat(changes(RELEASED, current)).isEmpty();
  }

  @Test
  void aRemovedEnumIsABreakingChange() {
    FileDescriptorSet current = withEnum(RELEASED, STAGE, type -> type.setName("Stage"));

    assertSingleChange(RELEASED, current, STAGE, "the enum was removed or renamed");
  }

  @Test
  void aRemovedEnumValueIsABreakingChange() {
    FileDescriptorSet current = withEnum(RELEASED, STAGE, type -> type.removeValue(1));

    assertSingleChange(
        RELEASED, current, STAGE + ".DEAD_LETTER_STAGE_DECODE", "the value was removed");
  }

  @Test
  void aRemovedEnumValueWithNumberAndNameReservedBreaksNothing() {
    FileDescriptorSet current =
        withEnum(
            RELEASED,
            STAGE,
            type ->
                type.removeValue(1)
                    .addReservedName("DEAD_LETTER_STAGE_DECODE")
                    .addReservedRange(EnumReservedRange.newBuilder().setStart(1).setEnd(1)));

    assertThat(changes(RELEASED, current)).isEmpty();
  }

  @Test
  void aRenamedEnumValueIsABreakingChange() {
    FileDescriptorSet current =
        withEnum(
            RELEASED, STAGE, type -> type.getValueBuilder(1).setName("DEAD_LETTER_STAGE_READ"));

    assertSingleChange(
        RELEASED,
        current,
        STAGE + ".DEAD_LETTER_STAGE_DECODE",
        "number 1 is now named DEAD_LETTER_STAGE_READ");
  }

  @Test
  void aRenumberedEnumValueIsABreakingChange() {
    FileDescriptorSet current =
        withEnum(RELEASED, STAGE, type -> type.getValueBuilder(1).setNumber(77));

    assertSingleChange(
        RELEASED, current, STAGE + ".DEAD_LETTER_STAGE_DECODE", "the number changed from 1 to 77");
  }

  @Test
  void aRemovedOptionIsABreakingChange() {
    FileDescriptorSet current =
        withFile(RELEASED, "json_mapping.proto", FileDescriptorProto.Builder::clearExtension);

    assertSingleChange(RELEASED, current, "text_of", "the option was removed");
  }

  @Test
  void anOptionWithAnotherNumberIsABreakingChange() {
    FileDescriptorSet current =
        withFile(
            RELEASED, "json_mapping.proto", file -> file.getExtensionBuilder(0).setNumber(52002));

    assertSingleChange(RELEASED, current, "text_of", "has another number or type");
  }

  @Test
  void aRemovedServiceIsABreakingChange() {
    assertSingleChange(withService(false), RELEASED, "Sample", "the service was removed");
  }

  @Test
  void aRemovedMethodIsABreakingChange() {
    FileDescriptorSet current =
        withFile(
            withService(false), "command.proto", file -> file.getServiceBuilder(0).clearMethod());

    assertSingleChange(withService(false), current, "Sample.Ask", "the method was removed");
  }

  @Test
  void aMethodThatBeginsToStreamIsABreakingChange() {
    assertSingleChange(
        withService(false),
        withService(true),
        "Sample.Ask",
        "to jimbot.events.v1.Command -> stream jimbot.events.v1.Event");
  }

  private static FileDescriptorSet withService(boolean streaming) {
    return withFile(
        RELEASED,
        "command.proto",
        file ->
            file.addService(
                ServiceDescriptorProto.newBuilder()
                    .setName("Sample")
                    .addMethod(
                        MethodDescriptorProto.newBuilder()
                            .setName("Ask")
                            .setInputType(".jimbot.events.v1.Command")
                            .setOutputType(".jimbot.events.v1.Event")
                            .setServerStreaming(streaming))));
  }

  private static void assertSingleChange(
      FileDescriptorSet released, FileDescriptorSet current, String path, String what) {
    assertThat(changes(released, current))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.path()).isEqualTo("jimbot.events.v1." + path);
              assertThat(change.what()).contains(what);
              assertThat(change.consequence()).isNotBlank();
            });
  }

  private static List<BreakingChange> changes(
      FileDescriptorSet released, FileDescriptorSet current) {
    return DescriptorComparison.of(released, current).breakingChanges();
  }
}
