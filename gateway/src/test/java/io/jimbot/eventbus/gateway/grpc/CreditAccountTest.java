package io.jimbot.eventbus.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jimbot.events.v1.Credit;
import org.junit.jupiter.api.Test;

class CreditAccountTest {

  @Test
  void whatTheLastDeliveryTookTooMuchIsMissingFromTheNextCredit() {
    CreditAccount account = new CreditAccount(credit(1_000, 100));
    account.spend(5_000);
    assertThat(account.isLeft()).isFalse();

    account.add(credit(1, 100));
    assertThat(account.isLeft()).isFalse();
    account.add(credit(1, 4_801));
    assertThat(account.isLeft()).isTrue();
  }

  @Test
  void bytesThatPassALongCountAsItsLargest() {
    CreditAccount account = new CreditAccount(credit(10, -1));
    account.add(credit(1, Long.MAX_VALUE));
    account.spend(1_000_000);

    assertThat(account.isLeft()).isTrue();
  }

  @Test
  void withoutBytesOnlyEventsCount() {
    CreditAccount account = new CreditAccount(credit(2, 0));
    account.spend(1_000_000);
    assertThat(account.isLeft()).isTrue();
    account.spend(1);
    assertThat(account.isLeft()).isFalse();
  }

  @Test
  void aCreditWithoutBytesEndsTheirLimit() {
    CreditAccount account = new CreditAccount(credit(100, 1));
    account.spend(500);
    assertThat(account.isLeft()).isFalse();

    account.add(credit(10, 0));
    assertThat(account.events()).isEqualTo(109);
    account.add(credit(0, 1));
    account.spend(2);
    assertThat(account.isLeft()).isFalse();
  }

  private static Credit credit(int events, long bytes) {
    return Credit.newBuilder().setEvents(events).setBytes(bytes).build();
  }
}
