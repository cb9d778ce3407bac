// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.relais.broker.runtime.Clock;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.jspecify.annotations.Nullable;

/** ListTransactions: transactional ids, filtered by state, producer, how long they run (KIP-994) and name (KIP-1152). Patterns run in linear time. */
final class ListTransactionsApi {
    private final TransactionCoordinator coordinator;
    private final Clock clock;
    private final TransactionAccess access;

    ListTransactionsApi(TransactionCoordinator coordinator, Clock clock, TransactionAccess access) {
        this.coordinator = coordinator;
        this.clock = clock;
        this.access = access;
    }

    void handle(Request request) {
        ListTransactionsRequestData data = request.data(ListTransactionsRequestData.class);
        Pattern pattern;
        try {
            String text = data.transactionalIdPattern();
            pattern = text == null || text.isEmpty() ? null : Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            request.fail(Errors.INVALID_REGULAR_EXPRESSION, "Transaction ID pattern `" + data.transactionalIdPattern()
                    + "` is not a valid regular expression: " + e.getMessage());
            return;
        }
        coordinator.list(ids -> request.respond(answer(request, pattern, ids)), request::fail);
    }

    private ListTransactionsResponseData answer(Request request, @Nullable Pattern pattern, List<TransactionalId> ids) {
        ListTransactionsRequestData data = request.data(ListTransactionsRequestData.class);
        ListTransactionsResponseData response = new ListTransactionsResponseData();
        Set<TransactionState> states = EnumSet.noneOf(TransactionState.class);
        data.stateFilters().forEach(name -> TransactionState.fromName(name).ifPresentOrElse(states::add,
                () -> response.unknownStateFilters().add(name)));
        Set<Long> producers = new HashSet<>(data.producerIdFilters());
        long nowMs = clock.nowMs();
        for (TransactionalId id : ids) {
            if ((producers.isEmpty() || producers.contains(id.producerId()))
                    && (data.stateFilters().isEmpty() || states.contains(id.state()))
                    && (data.durationFilter() < 0 || nowMs - id.startMs() > data.durationFilter())
                    && (pattern == null || pattern.matches(id.id()))
                    && access.allowsId(request, AclOperation.DESCRIBE, id.id())) {
                response.transactionStates().add(new ListTransactionsResponseData.TransactionState()
                        .setTransactionalId(id.id()).setProducerId(id.producerId())
                        .setTransactionState(id.state().stateName()));
            }
        }
        return response;
    }
}
