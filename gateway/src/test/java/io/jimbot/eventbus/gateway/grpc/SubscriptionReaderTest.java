package io.jimbot.eventbus.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jimbot.eventbus.gateway.delivery.ResumeToken;
import io.jimbot.eventbus.gateway.delivery.SubscriptionRequest;
import io.jimbot.events.v1.StartPosition;
import io.jimbot.events.v1.Subscription;
import io.jimbot.events.v1.SubscriptionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubscriptionReaderTest {

  @ParameterizedTest
  @EnumSource(names = {"SUBSCRIPTION_MODE_GROUP", "SUBSCRIPTION_MODE_QUEUE"})
  void aGoodTokenIsRefusedForWhatKeepsItsOwnPlace(SubscriptionMode mode) {
    byte[] token = ResumeToken.of("log", new long[] {1, 2, 3}).toBytes();
    SubscriptionReader reader = new SubscriptionReader();
    SubscriptionRequest unused =
        reader.read(
            Subscription.newBuilder()
                .addTopics("**")
                .setMode(mode)
                .setGroup("workers")
                .setStart(StartPosition.newBuilder().setResumeToken(ByteString.copyFrom(token)))
                .build());

    assertThat(reader.violations())
        .extracting(Refusals.Violation::field)
        .containsExactly("subscription.start.resume_token");
  }
}
