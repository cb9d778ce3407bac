// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/** Class 90: transactions (AMQP 0-9-1 1.9). */
public sealed interface TxMethod extends Method {
    int CLASS = 90;

    /** From the client. */
    record Select() implements TxMethod {
        public static final int ID = CLASS << 16 | 10;

        static Select decode(WireReader in) {
            return new Select();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the server. */
    record SelectOk() implements TxMethod {
        public static final int ID = CLASS << 16 | 11;

        static SelectOk decode(WireReader in) {
            return new SelectOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record Commit() implements TxMethod {
        public static final int ID = CLASS << 16 | 20;

        static Commit decode(WireReader in) {
            return new Commit();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the server. */
    record CommitOk() implements TxMethod {
        public static final int ID = CLASS << 16 | 21;

        static CommitOk decode(WireReader in) {
            return new CommitOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the client. */
    record Rollback() implements TxMethod {
        public static final int ID = CLASS << 16 | 30;

        static Rollback decode(WireReader in) {
            return new Rollback();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }

    /** From the server. */
    record RollbackOk() implements TxMethod {
        public static final int ID = CLASS << 16 | 31;

        static RollbackOk decode(WireReader in) {
            return new RollbackOk();
        }

        @Override
        public int id() {
            return ID;
        }

        @Override
        public void encode(WireWriter out) {}
    }
}
