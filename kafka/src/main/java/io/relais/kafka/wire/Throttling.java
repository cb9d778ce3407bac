// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Puts the throttle time into answers: there is no common type for the messages that have one. Clients of other answers are made to wait without being told. */
final class Throttling {
    private Throttling() {}

    static void announce(ApiMessage response, int throttleMs) {
        switch (response) {
            case ProduceResponseData data -> data.setThrottleTimeMs(throttleMs);
            case FetchResponseData data -> data.setThrottleTimeMs(throttleMs);
            case ShareFetchResponseData data -> data.setThrottleTimeMs(throttleMs);
            case ShareAcknowledgeResponseData data -> data.setThrottleTimeMs(throttleMs);
            case MetadataResponseData data -> data.setThrottleTimeMs(throttleMs);
            case ListOffsetsResponseData data -> data.setThrottleTimeMs(throttleMs);
            case FindCoordinatorResponseData data -> data.setThrottleTimeMs(throttleMs);
            case OffsetCommitResponseData data -> data.setThrottleTimeMs(throttleMs);
            case OffsetFetchResponseData data -> data.setThrottleTimeMs(throttleMs);
            case CreateTopicsResponseData data -> data.setThrottleTimeMs(throttleMs);
            case CreatePartitionsResponseData data -> data.setThrottleTimeMs(throttleMs);
            case DeleteTopicsResponseData data -> data.setThrottleTimeMs(throttleMs);
            default -> {
                // the connection is quiet for that time all the same
            }
        }
    }
}
