package dev.cairn.worker.output;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.jboss.logging.Logger;

/**
 * Ends transactions that a worker left behind when it went for good: they would hold up the group's offsets, and the
 * readers of the output, until their time-out.
 *
 * <p>Only members are spared, so a worker that merely hangs, and has been thrown out of the group, loses its transactions
 * too; it opens its producers anew and rolls back when it finds out. Thread-safe; calls that end transactions block.
 */
public final class TransactionFencer {

    private static final Logger LOG = Logger.getLogger(TransactionFencer.class);

    private final Admin admin;
    private final String job;

    public TransactionFencer(Admin admin, String job) {
        this.admin = admin;
        this.job = job;
    }

    /**
     * Fences the pending transactions of those who are no longer members of the group.
     *
     * @param candidates ids known from checkpoints, besides those that the broker lists as pending
     */
    public void fenceAbsentMembers(Collection<String> candidates) {
        try {
            Set<String> pending = new HashSet<>();
            for (TransactionListing transaction : askPending().get()) {
                pending.add(transaction.transactionalId());
            }
            pending.addAll(candidates);
            Set<String> members = members();
            pending.removeIf(id -> TransactionalId.parse(id)
                    .filter(parsed -> parsed.job().equals(job) && !members.contains(parsed.member()))
                    .isEmpty());
            fence(pending);
        } catch (ExecutionException e) {
            LOG.warnf("transactions of workers that are gone stay pending until their time-out: %s", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Fences this instance's own transactions that none of its producers will end when it opens: those of loops that it no
     * longer runs, and those of all loops under an id of the former form.
     *
     * @param asked what {@link #askPending} will have answered
     */
    public void fenceOwnLoopsFrom(
            int firstAbsentLoop, String instance, KafkaFuture<Collection<TransactionListing>> asked) {
        try {
            Set<String> absent = new HashSet<>();
            for (TransactionListing transaction : asked.get()) {
                String id = transaction.transactionalId();
                int firstFenced = TransactionalId.isPresentForm(id) ? firstAbsentLoop : 0;
                TransactionalId.parse(id)
                        .flatMap(parsed -> loopOf(parsed, instance))
                        .filter(loop -> loop >= firstFenced)
                        .ifPresent(loop -> absent.add(id));
            }
            fence(absent);
        } catch (ExecutionException e) {
            LOG.warnf("transactions of earlier loops stay pending until their time-out: %s", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Integer> loopOf(TransactionalId id, String instance) {
        String prefix = instance + "-";
        if (!id.job().equals(job) || !id.member().startsWith(prefix)) {
            return Optional.empty();
        }
        String loop = id.member().substring(prefix.length());
        return loop.matches("[0-9]{1,6}") ? Optional.of(Integer.parseInt(loop)) : Optional.empty();
    }

    /** Asks for the pending transactions of the job, and does not wait. */
    public KafkaFuture<Collection<TransactionListing>> askPending() {
        ListTransactionsOptions ours = new ListTransactionsOptions()
                .filterStates(List.of(TransactionState.ONGOING))
                .filterOnTransactionalIdPattern(TransactionalId.patternOf(job));
        return admin.listTransactions(ours).all();
    }

    private Set<String> members() throws ExecutionException, InterruptedException {
        Set<String> members = new HashSet<>();
        for (MemberDescription member : admin.describeConsumerGroups(List.of(job))
                .describedGroups()
                .get(job)
                .get()
                .members()) {
            member.groupInstanceId().ifPresent(members::add);
        }
        return members;
    }

    private void fence(Set<String> ids) throws ExecutionException, InterruptedException {
        if (!ids.isEmpty()) {
            admin.fenceProducers(ids).all().get();
            LOG.infof("fenced the transactions of workers that are gone: %s", ids);
        }
    }
}
