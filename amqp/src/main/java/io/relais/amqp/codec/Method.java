// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/**
 * A method of AMQP 0-9-1 with RabbitMQ's extensions, decoded.
 *
 * <pre>
 *  method := class-id u16, method-id u16, arguments        the payload of a METHOD frame (4.2.4)
 * </pre>
 */
public sealed interface Method permits ConnectionMethod, ChannelMethod, AccessMethod, ExchangeMethod, QueueMethod,
        BasicMethod, ConfirmMethod, TxMethod {

    /** Class in the upper, method in the lower 16 bits. */
    int id();

    /** Writes the arguments. */
    void encode(WireWriter out);

    /** Writes class, method and arguments. */
    default void encodeAll(WireWriter out) {
        out.u16(classId(id())).u16(methodId(id()));
        encode(out);
    }

    static int classId(int id) {
        return id >>> 16;
    }

    static int methodId(int id) {
        return id & 0xFFFF;
    }

    /**
     * Reads the arguments of a method whose ids have been read.
     *
     * @throws AmqpException 540 where there is no such method, 501 where the arguments are cut short or too long, 502 where a table is malformed
     */
    static Method decode(int id, WireReader in) {
        Method method = switch (id) {
            case ConnectionMethod.Start.ID -> ConnectionMethod.Start.decode(in);
            case ConnectionMethod.StartOk.ID -> ConnectionMethod.StartOk.decode(in);
            case ConnectionMethod.Secure.ID -> ConnectionMethod.Secure.decode(in);
            case ConnectionMethod.SecureOk.ID -> ConnectionMethod.SecureOk.decode(in);
            case ConnectionMethod.Tune.ID -> ConnectionMethod.Tune.decode(in);
            case ConnectionMethod.TuneOk.ID -> ConnectionMethod.TuneOk.decode(in);
            case ConnectionMethod.Open.ID -> ConnectionMethod.Open.decode(in);
            case ConnectionMethod.OpenOk.ID -> ConnectionMethod.OpenOk.decode(in);
            case ConnectionMethod.Close.ID -> ConnectionMethod.Close.decode(in);
            case ConnectionMethod.CloseOk.ID -> ConnectionMethod.CloseOk.decode(in);
            case ConnectionMethod.Blocked.ID -> ConnectionMethod.Blocked.decode(in);
            case ConnectionMethod.Unblocked.ID -> ConnectionMethod.Unblocked.decode(in);
            case ConnectionMethod.UpdateSecret.ID -> ConnectionMethod.UpdateSecret.decode(in);
            case ConnectionMethod.UpdateSecretOk.ID -> ConnectionMethod.UpdateSecretOk.decode(in);
            case ChannelMethod.Open.ID -> ChannelMethod.Open.decode(in);
            case ChannelMethod.OpenOk.ID -> ChannelMethod.OpenOk.decode(in);
            case ChannelMethod.Flow.ID -> ChannelMethod.Flow.decode(in);
            case ChannelMethod.FlowOk.ID -> ChannelMethod.FlowOk.decode(in);
            case ChannelMethod.Close.ID -> ChannelMethod.Close.decode(in);
            case ChannelMethod.CloseOk.ID -> ChannelMethod.CloseOk.decode(in);
            case AccessMethod.Request.ID -> AccessMethod.Request.decode(in);
            case AccessMethod.RequestOk.ID -> AccessMethod.RequestOk.decode(in);
            case ExchangeMethod.Declare.ID -> ExchangeMethod.Declare.decode(in);
            case ExchangeMethod.DeclareOk.ID -> ExchangeMethod.DeclareOk.decode(in);
            case ExchangeMethod.Delete.ID -> ExchangeMethod.Delete.decode(in);
            case ExchangeMethod.DeleteOk.ID -> ExchangeMethod.DeleteOk.decode(in);
            case ExchangeMethod.Bind.ID -> ExchangeMethod.Bind.decode(in);
            case ExchangeMethod.BindOk.ID -> ExchangeMethod.BindOk.decode(in);
            case ExchangeMethod.Unbind.ID -> ExchangeMethod.Unbind.decode(in);
            case ExchangeMethod.UnbindOk.ID -> ExchangeMethod.UnbindOk.decode(in);
            case QueueMethod.Declare.ID -> QueueMethod.Declare.decode(in);
            case QueueMethod.DeclareOk.ID -> QueueMethod.DeclareOk.decode(in);
            case QueueMethod.Bind.ID -> QueueMethod.Bind.decode(in);
            case QueueMethod.BindOk.ID -> QueueMethod.BindOk.decode(in);
            case QueueMethod.Purge.ID -> QueueMethod.Purge.decode(in);
            case QueueMethod.PurgeOk.ID -> QueueMethod.PurgeOk.decode(in);
            case QueueMethod.Delete.ID -> QueueMethod.Delete.decode(in);
            case QueueMethod.DeleteOk.ID -> QueueMethod.DeleteOk.decode(in);
            case QueueMethod.Unbind.ID -> QueueMethod.Unbind.decode(in);
            case QueueMethod.UnbindOk.ID -> QueueMethod.UnbindOk.decode(in);
            case BasicMethod.Qos.ID -> BasicMethod.Qos.decode(in);
            case BasicMethod.QosOk.ID -> BasicMethod.QosOk.decode(in);
            case BasicMethod.Consume.ID -> BasicMethod.Consume.decode(in);
            case BasicMethod.ConsumeOk.ID -> BasicMethod.ConsumeOk.decode(in);
            case BasicMethod.Cancel.ID -> BasicMethod.Cancel.decode(in);
            case BasicMethod.CancelOk.ID -> BasicMethod.CancelOk.decode(in);
            case BasicMethod.Publish.ID -> BasicMethod.Publish.decode(in);
            case BasicMethod.Return.ID -> BasicMethod.Return.decode(in);
            case BasicMethod.Deliver.ID -> BasicMethod.Deliver.decode(in);
            case BasicMethod.Get.ID -> BasicMethod.Get.decode(in);
            case BasicMethod.GetOk.ID -> BasicMethod.GetOk.decode(in);
            case BasicMethod.GetEmpty.ID -> BasicMethod.GetEmpty.decode(in);
            case BasicMethod.Ack.ID -> BasicMethod.Ack.decode(in);
            case BasicMethod.Reject.ID -> BasicMethod.Reject.decode(in);
            case BasicMethod.RecoverAsync.ID -> BasicMethod.RecoverAsync.decode(in);
            case BasicMethod.Recover.ID -> BasicMethod.Recover.decode(in);
            case BasicMethod.RecoverOk.ID -> BasicMethod.RecoverOk.decode(in);
            case BasicMethod.Nack.ID -> BasicMethod.Nack.decode(in);
            case ConfirmMethod.Select.ID -> ConfirmMethod.Select.decode(in);
            case ConfirmMethod.SelectOk.ID -> ConfirmMethod.SelectOk.decode(in);
            case TxMethod.Select.ID -> TxMethod.Select.decode(in);
            case TxMethod.SelectOk.ID -> TxMethod.SelectOk.decode(in);
            case TxMethod.Commit.ID -> TxMethod.Commit.decode(in);
            case TxMethod.CommitOk.ID -> TxMethod.CommitOk.decode(in);
            case TxMethod.Rollback.ID -> TxMethod.Rollback.decode(in);
            case TxMethod.RollbackOk.ID -> TxMethod.RollbackOk.decode(in);
            default -> throw new AmqpException(ReplyCode.NOT_IMPLEMENTED,
                    "unknown method: class " + classId(id) + ", method " + methodId(id));
        };
        in.requireEnd();
        return method;
    }
}
