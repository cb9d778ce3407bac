// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What ShareFetch and ShareAcknowledge check alike. Thread: the owner. */
final class ShareRequests {
    /** KIP-932: a member id is a UUID that the client makes, 36 characters at most. */
    private static final int MEMBER_ID_MAX = 36;

    private ShareRequests() {}

    /** Who asks; null where the request was refused, and is answered. */
    static ShareSession.@Nullable Key admit(ShareGroups groups, Request request, @Nullable String groupId,
            @Nullable String memberId) {
        if (groupId == null) {
            request.fail(Errors.INVALID_REQUEST, "no group id");
        } else if (!groups.access().allowsGroup(request, AclOperation.READ, groupId)) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
        } else if (memberId == null || memberId.isEmpty() || memberId.length() > MEMBER_ID_MAX) {
            request.fail(Errors.INVALID_REQUEST, "a member id has 1 to " + MEMBER_ID_MAX + " characters");
        } else {
            return new ShareSession.Key(groupId, memberId);
        }
        return null;
    }
}
