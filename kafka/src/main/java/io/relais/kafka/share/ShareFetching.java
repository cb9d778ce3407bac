// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import io.relais.log.BatchSlice;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch of a member, until there is something for it or its time is over. A round: find batches in each partition that has something for the group and that nobody else reads; where they are
 * enough, bring them into memory and hand their records out.
 *
 * <p>Thread: the owner. Bounds: {@value #READ_MAX_BYTES} bytes of one partition at a time, or one batch.
 */
final class ShareFetching implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShareFetching.class);

    /** More is not read for one answer: it is brought into memory, and a member takes some hundred records at a time. */
    static final int READ_MAX_BYTES = 1 << 20;

    private static final byte RECORD_LIMIT = 1;

    private final ShareGroups groups;
    private final Request request;
    private final ShareSession session;
    private final ShareFetchRequestData data;
    private final ShareFetchAnswer answer;
    private final List<SharePartition> partitions = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private final Map<SharePartition, Seen> seen = new HashMap<>();
    private Demand demand;
    private Owner.@Nullable Timer timer;
    private int left;
    private boolean waiting;
    private boolean late;
    private boolean answers;
    private boolean done;

    /** Batches of one partition that are there to be handed out. */
    private record Found(SharePartition partition, long from, BatchSlice slice) {}

    /** Where a partition stood when it was looked at. */
    private record Seen(long nextOffset, long readableEnd) {}

    ShareFetching(ShareGroups groups, Request request, ShareSession session, ShareFetchRequestData data,
            ShareFetchAnswer answer) {
        this.groups = groups;
        this.request = request;
        this.session = session;
        this.data = data;
        this.answer = answer;
        this.demand = new Demand(session.key().memberId(), data.maxRecords(), Math.max(1, data.batchSize()),
                data.shareAcquireMode() == RECORD_LIMIT);
    }

    /** Opens what it needs, then begins. Which partition is first changes with each request, so that none starves. */
    void start() {
        List<SharePartitionId> wanted = List.copyOf(session.partitions());
        if (wanted.isEmpty() || data.maxRecords() <= 0 || data.maxBytes() <= 0) {
            finish();
            return;
        }
        if (data.maxWaitMs() > 0) {
            timer = groups.context().owner().schedule(data.maxWaitMs(), this::late);
            request.whenGone(this::late);
        } else {
            late = true;
        }
        left = 1;
        int first = Math.floorMod(data.shareSessionEpoch(), wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            open(wanted.get((first + i) % wanted.size()));
        }
        opened();
    }

    private void open(SharePartitionId id) {
        Topic topic = groups.context().topics().byId(id.topicId());
        Partition partition = topic == null ? null : topic.partition(id.partition());
        if (topic == null) {
            answer.failed(id, Errors.UNKNOWN_TOPIC_ID);
        } else if (!groups.access().allowsTopic(request, AclOperation.READ, topic.name())) {
            answer.failed(id, Errors.TOPIC_AUTHORIZATION_FAILED);
        } else if (partition == null) {
            answer.failed(id, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        } else {
            left++;
            SharePartition share = groups.partitions().get(id, partition);
            share.whenOpen(error -> {
                if (error == Errors.NONE) {
                    partitions.add(share);
                } else {
                    answer.failed(id, error);
                }
                opened();
            });
        }
    }

    private void opened() {
        left--;
        if (left == 0) {
            round();
        }
    }

    private void late() {
        late = true;
        if (waiting) {
            run();
        }
    }

    /** Something may have come. */
    @Override
    public void run() {
        if (waiting) {
            waiting = false;
            partitions.forEach(each -> {
                each.forgetWaiter(this);
                each.partition().removeReader(this);
            });
            round();
        }
    }

    private void round() {
        partitions.removeIf(each -> {
            Errors failure = each.failure();
            if (failure != null) {
                answer.failed(each.id(), failure);
            }
            return failure != null;
        });
        if (partitions.isEmpty() || isOver()) {
            finish();
            return;
        }
        List<SharePartition> ready = partitions.stream().filter(SharePartition::mayRead).toList();
        left = 1;
        seen.clear();
        int bytes = Math.min(READ_MAX_BYTES, Math.max(1, data.maxBytes() / Math.max(1, ready.size())));
        for (SharePartition each : ready) {
            left++;
            find(each, bytes);
        }
        oneFound();
    }

    /** Whether there is nobody to hand records to any more: they would be locked for nobody. */
    private boolean isOver() {
        return request.isGone() || groups.sessions().find(session.key()) != session;
    }

    private void find(SharePartition share, int maxBytes) {
        share.beginReading();
        long from = share.subscription().nextOffset();
        long end = share.readableEnd();
        seen.put(share, new Seen(from, end));
        groups.source().find(share.partition(), from, maxBytes, end).whenComplete((slice, error) -> {
            if (slice != null) {
                found.add(new Found(share, from, slice));
            } else {
                share.readDone();
                if (error != null && !PartitionSource.isTrimmed(error)) {
                    LOG.error("share partition {} cannot be read", share.id(), error);
                    answer.failed(share.id(), Errors.KAFKA_STORAGE_ERROR);
                    answers = true;
                }
            }
            oneFound();
        });
    }

    private void oneFound() {
        left--;
        if (left > 0) {
            return;
        }
        if (found.isEmpty()) {
            finishOrWait();
        } else if (isEnough()) {
            load();
        } else {
            giveBack();
            finishOrWait();
        }
    }

    /** Records that were handed out before are not made to wait for more. */
    private boolean isEnough() {
        long bytes = 0;
        for (Found each : found) {
            if (each.from() < each.partition().subscription().endOffset()
                    || each.slice().endOffset() < each.partition().readableEnd()) {
                return true;
            }
            bytes += each.slice().sizeBytes();
        }
        return late || bytes >= data.minBytes();
    }

    private void giveBack() {
        List<Found> all = List.copyOf(found);
        found.clear();
        all.forEach(each -> {
            each.slice().close();
            each.partition().readDone();
        });
    }

    private void load() {
        List<Found> all = List.copyOf(found);
        found.clear();
        left = all.size();
        for (Found each : all) {
            groups.source().load(each.slice()).whenComplete((bytes, error) -> {
                if (bytes != null) {
                    handOut(each, bytes);
                } else {
                    LOG.error("share partition {} cannot be read", each.partition().id(), error);
                    answer.failed(each.partition().id(), Errors.KAFKA_STORAGE_ERROR);
                    answers = true;
                }
                each.partition().readDone();
                left--;
                if (left == 0) {
                    finishOrWait();
                }
            });
        }
    }

    private void handOut(Found each, ByteBuf bytes) {
        SharePartition share = each.partition();
        if (share.failure() != null || isOver()) {
            bytes.release();
            return;
        }
        FetchedBatches batches = new FetchedBatches(bytes, PartitionSource.aborted(share.partition(),
                share.readsCommitted(), each.from(), each.slice().endOffset()));
        List<Acquisition> acquired = share.acquire(demand, batches.spans());
        if (acquired.isEmpty()) {
            batches.release();
            return;
        }
        demand = demand.less(acquired.stream().mapToLong(Acquisition::count).sum());
        answer.acquired(share.id(),
                batches.records(acquired.get(0).firstOffset(), acquired.get(acquired.size() - 1).lastOffset()),
                acquired);
        answers = true;
    }

    private void finishOrWait() {
        if (answers || late || isOver()) {
            finish();
            return;
        }
        waiting = true;
        partitions.forEach(each -> {
            each.whenAvailable(this);
            each.partition().whenAdvanced(this);
        });
        if (partitions.stream().anyMatch(each -> each.failure() != null || (each.mayRead() && isNews(each)))) {
            groups.context().owner().execute(this);
        }
    }

    /** Whether there is something else than what this round found to be too little, or passed over: then nobody will wake us for it. */
    private boolean isNews(SharePartition share) {
        return !new Seen(share.subscription().nextOffset(), share.readableEnd()).equals(seen.get(share));
    }

    private void finish() {
        if (done) {
            return;
        }
        done = true;
        Owner.Timer running = timer;
        if (running != null) {
            running.cancel();
        }
        answer.partDone();
        partitions.forEach(SharePartition::retire);
    }
}
