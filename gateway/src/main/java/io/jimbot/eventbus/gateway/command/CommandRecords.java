package io.jimbot.eventbus.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.jimbot.eventbus.wire.ConfluentFrame;
import io.jimbot.events.v1.Command;
import io.jimbot.events.v1.CommandClaim;
import io.jimbot.events.v1.CommandRecord;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes and reads the records of the commands topic. Immutable. */
final class CommandRecords {

  private final String topic;

  CommandRecords(String topic) {
    this.topic = topic;
  }

  ProducerRecord<byte[], byte[]> of(Command command) {
    CommandRecord value = CommandRecord.newBuilder().setCommand(command).build();
    return record(null, command.getCommandId(), value);
  }

  /**
   * To the partition that the command was read from, rather than the one of its key: should the
   * topic get more partitions, the two may differ, and all claims of a command must be in one row.
   */
  ProducerRecord<byte[], byte[]> of(CommandBoard.Claim claim, String gatewayId) {
    CommandClaim value =
        CommandClaim.newBuilder().setCommandId(claim.commandId()).setGatewayId(gatewayId).build();
    return record(
        claim.partition(), claim.commandId(), CommandRecord.newBuilder().setClaim(value).build());
  }

  private ProducerRecord<byte[], byte[]> record(
      @Nullable Integer partition, String commandId, CommandRecord value) {
    return new ProducerRecord<>(topic, partition, commandId.getBytes(UTF_8), value.toByteArray());
  }

  /**
   * Reads a record's value; null if it is none of ours. Strict, because others may write to the
   * topic, and what they write ends in a game.
   */
  static @Nullable CommandRecord read(byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    try {
      CommandRecord record = CommandRecord.parseFrom(ConfluentFrame.message(value));
      boolean good =
          switch (record.getRecordCase()) {
            case COMMAND -> good(record.getCommand());
            case CLAIM -> !record.getClaim().getCommandId().isEmpty();
            case RECORD_NOT_SET -> false;
          };
      return good ? record : null;
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static boolean good(Command command) {
    return !command.getCommandId().isEmpty()
        && CommandText.isName(command.getName())
        && (!command.hasArguments() || CommandText.isArguments(command.getArguments()))
        && (!command.hasGameId() || GameNames.isName(command.getGameId()))
        && isInstant(command.getIssuedAt())
        && isInstant(command.getExpiresAt());
  }

  private static boolean isInstant(Timestamp timestamp) {
    try {
      instant(timestamp);
      return true;
    } catch (DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
