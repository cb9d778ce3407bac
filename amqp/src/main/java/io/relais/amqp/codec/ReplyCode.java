// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/** The reply codes of AMQP 0-9-1 (1.2), which say why a channel or a connection ends, or a message comes back. */
public enum ReplyCode {
    /** A normal end. */
    REPLY_SUCCESS(200, false),
    /** A content that is not taken. */
    CONTENT_TOO_LARGE(311, false),
    /** A mandatory message that no queue was bound for. */
    NO_ROUTE(312, false),
    /** An immediate message that no consumer waited for. */
    NO_CONSUMERS(313, false),
    /** The operator closed the connection. */
    CONNECTION_FORCED(320, true),
    /** A virtual host that does not exist. */
    INVALID_PATH(402, true),
    /** No permission. */
    ACCESS_REFUSED(403, false),
    /** No such exchange or queue. */
    NOT_FOUND(404, false),
    /** Another connection's exclusive queue. */
    RESOURCE_LOCKED(405, false),
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED(406, false),
    /** A frame that cannot be decoded. */
    FRAME_ERROR(501, true),
    /** A field with an illegal value. */
    SYNTAX_ERROR(502, true),
    /** A method out of its place. */
    COMMAND_INVALID(503, true),
    /** A channel that is not open, or is open already. */
    CHANNEL_ERROR(504, true),
    /** A frame out of its place. */
    UNEXPECTED_FRAME(505, true),
    /** The server lacks what it needs. */
    RESOURCE_ERROR(506, true),
    /** What no peer may do. */
    NOT_ALLOWED(530, true),
    /** What this server does not do. */
    NOT_IMPLEMENTED(540, true),
    /** A fault of the server. */
    INTERNAL_ERROR(541, true);

    private final int code;
    private final boolean closesConnection;

    ReplyCode(int code, boolean closesConnection) {
        this.code = code;
        this.closesConnection = closesConnection;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether it ends the connection (the specification's hard error), not only the channel. */
    public boolean closesConnection() {
        return closesConnection;
    }
}
