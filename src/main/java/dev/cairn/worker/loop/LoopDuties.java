package dev.cairn.worker.loop;

import org.apache.kafka.clients.consumer.Consumer;

import dev.cairn.worker.group.GroupMember;

/** What a loop owes the group, and those who ask it something, between records and turns. On its thread. */
final class LoopDuties {

    private final GroupMember member;
    private final Consumer<byte[], byte[]> consumer;
    private final LoopRequests requests;
    private final String inputs;

    LoopDuties(LoopContext context, LoopRequests requests) {
        this.member = context.member();
        this.consumer = context.consumer();
        this.requests = requests;
        this.inputs = context.settings().job().inputTopics().toString();
    }

    /** The loop takes part in the group with its next poll. */
    void polling() {
        member.membership().polling();
    }

    /** Looks whether the loop is still a member, and answers those who wait. */
    void answer() {
        member.membership().look();
        requests.mailbox().empty();
    }

    /** Lets the group assign again, if the worker has moved or an assignment has left inputs out. */
    void rebalanceIfNeeded() {
        if (member.hasMoved()) {
            consumer.enforceRebalance("the worker listens at " + member.self().address() + " now");
        }
        if (requests.rebalance().getAndSet(false)) {
            consumer.enforceRebalance("the assignment leaves some of " + inputs + " out");
        }
    }
}
