package dev.modelrollout.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetTest {

    private final Budget budget = new Budget(10);
    private final Budget.Bill one = budget.bill();
    private final Budget.Bill other = budget.bill();

    @Test
    void all_that_a_namespace_has_may_be_spent_and_no_more() {
        assertThat(one.pay(Set.of("a"), 7)).isTrue();
        assertThat(other.pay(Set.of("a"), 4)).isFalse();
        assertThat(other.pay(Set.of("a"), 3)).isTrue();
        assertThat(one.pay(Set.of("a"), 8)).isFalse();
    }

    @Test
    void what_somebody_else_pays_now_is_not_paid_any_more() {
        one.pay(Set.of("a"), 10);
        one.pay(Set.of("b"), 10);

        assertThat(other.pay(Set.of("a"), 10)).isTrue();
        assertThat(other.pay(Set.of("b"), 1)).isFalse();
    }

    @Test
    void of_those_who_share_a_thing_each_pays_all_of_it_and_one_has_to_have_it() {
        one.pay(Set.of("a"), 10);

        assertThat(other.pay(Set.of("a", "b"), 10)).isTrue();
        assertThat(other.pay(Set.of("a", "b"), 11)).isFalse();
    }
}
