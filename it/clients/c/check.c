/* SPDX-License-Identifier: Apache-2.0
 * Behaviours that programs with librabbitmq (rabbitmq-c) rely on. Usage: check HOST PORT. Ends with 1 if one fails.
 * Build: cc -o check check.c -lrabbitmq
 */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *host;
static int port;
static int passed, failed;
static const char *failure;

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      failure = #condition; \
      return; \
    } \
  } while (0)

static amqp_bytes_t text(const char *s) { return amqp_cstring_bytes(s); }

static int same(amqp_bytes_t bytes, const char *s) { return bytes.len == strlen(s) && memcmp(bytes.bytes, s, bytes.len) == 0; }

static amqp_connection_state_t dial(const char *password, int frame_max) {
  amqp_connection_state_t c = amqp_new_connection();
  amqp_socket_t *socket = amqp_tcp_socket_new(c);
  if (!socket || amqp_socket_open(socket, host, port)) {
    amqp_destroy_connection(c);
    return NULL;
  }
  if (amqp_login(c, "/", 0, frame_max, 0, AMQP_SASL_METHOD_PLAIN, "guest", password).reply_type != AMQP_RESPONSE_NORMAL) {
    amqp_destroy_connection(c);
    return NULL;
  }
  amqp_channel_open(c, 1);
  return c;
}

/* A server-named, exclusive queue; its name lives as long as the connection's memory pool. */
static amqp_bytes_t queue(amqp_connection_state_t c, amqp_table_t arguments) {
  amqp_queue_declare_ok_t *ok = amqp_queue_declare(c, 1, amqp_empty_bytes, 0, 0, 1, 1, arguments);
  return ok ? amqp_bytes_malloc_dup(ok->queue) : amqp_empty_bytes;
}

static int publish(amqp_connection_state_t c, amqp_bytes_t exchange, amqp_bytes_t key, amqp_bytes_t body) {
  return amqp_basic_publish(c, 1, exchange, key, 0, 0, NULL, body) == AMQP_STATUS_OK;
}

/* Takes a message by basic.get, waiting for it up to five seconds. */
static int take(amqp_connection_state_t c, amqp_bytes_t from, amqp_message_t *message) {
  for (int i = 0; i < 500; i++) {
    amqp_rpc_reply_t reply = amqp_basic_get(c, 1, from, 1);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) return 0;
    if (reply.reply.id == AMQP_BASIC_GET_OK_METHOD) return amqp_read_message(c, 1, message, 0).reply_type == AMQP_RESPONSE_NORMAL;
    usleep(10000);
  }
  return 0;
}

static void publish_and_get(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  amqp_message_t message;
  CHECK(publish(c, amqp_empty_bytes, q, text("hello")));
  CHECK(take(c, q, &message));
  CHECK(same(message.body, "hello"));
}

static void properties_and_headers_arrive(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  amqp_table_entry_t entries[2];
  entries[0].key = text("number");
  entries[0].value.kind = AMQP_FIELD_KIND_I32;
  entries[0].value.value.i32 = -7;
  entries[1].key = text("text");
  entries[1].value.kind = AMQP_FIELD_KIND_UTF8;
  entries[1].value.value.bytes = text("value");
  amqp_basic_properties_t p = {0};
  p._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_TIMESTAMP_FLAG;
  p.content_type = text("text/plain");
  p.delivery_mode = 2;
  p.timestamp = 1700000000;
  p.headers.num_entries = 2;
  p.headers.entries = entries;
  CHECK(amqp_basic_publish(c, 1, amqp_empty_bytes, q, 0, 0, &p, text("m")) == AMQP_STATUS_OK);
  amqp_message_t message;
  CHECK(take(c, q, &message));
  CHECK(message.properties._flags == p._flags);
  CHECK(same(message.properties.content_type, "text/plain"));
  CHECK(message.properties.delivery_mode == 2);
  CHECK(message.properties.timestamp == 1700000000);
  CHECK(message.properties.headers.num_entries == 2);
  CHECK(message.properties.headers.entries[0].value.value.i32 == -7);
  CHECK(same(message.properties.headers.entries[1].value.value.bytes, "value"));
}

static void a_large_body_arrives_unchanged_in_small_frames(amqp_connection_state_t unused) {
  (void)unused;
  amqp_connection_state_t c = dial("guest", 4096);
  CHECK(c);
  amqp_bytes_t q = queue(c, amqp_empty_table);
  amqp_bytes_t body = amqp_bytes_malloc(1000003);
  for (size_t i = 0; i < body.len; i++) ((unsigned char *)body.bytes)[i] = (unsigned char)(i * 31);
  amqp_message_t message;
  CHECK(publish(c, amqp_empty_bytes, q, body));
  CHECK(take(c, q, &message));
  CHECK(message.body.len == body.len && memcmp(message.body.bytes, body.bytes, body.len) == 0);
  amqp_connection_close(c, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(c);
}

static void consume_in_order_with_acknowledgements(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  char body[16];
  for (int i = 0; i < 100; i++) {
    snprintf(body, sizeof body, "%d", i);
    CHECK(publish(c, amqp_empty_bytes, q, text(body)));
  }
  amqp_basic_qos(c, 1, 0, 10, 0);
  amqp_basic_consume(c, 1, q, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  for (int i = 0; i < 100; i++) {
    struct timeval patience = {5, 0};
    amqp_envelope_t envelope;
    amqp_maybe_release_buffers(c);
    CHECK(amqp_consume_message(c, &envelope, &patience, 0).reply_type == AMQP_RESPONSE_NORMAL);
    snprintf(body, sizeof body, "%d", i);
    CHECK(same(envelope.message.body, body));
    CHECK(amqp_basic_ack(c, 1, envelope.delivery_tag, 0) == 0);
    amqp_destroy_envelope(&envelope);
  }
}

static void a_rejected_message_is_redelivered(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  struct timeval patience = {5, 0};
  amqp_envelope_t envelope;
  CHECK(publish(c, amqp_empty_bytes, q, text("again")));
  amqp_basic_consume(c, 1, q, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  CHECK(amqp_consume_message(c, &envelope, &patience, 0).reply_type == AMQP_RESPONSE_NORMAL);
  CHECK(!envelope.redelivered);
  CHECK(amqp_basic_nack(c, 1, envelope.delivery_tag, 0, 1) == 0);
  CHECK(amqp_consume_message(c, &envelope, &patience, 0).reply_type == AMQP_RESPONSE_NORMAL);
  CHECK(envelope.redelivered && same(envelope.message.body, "again"));
}

static void publishes_are_confirmed(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  amqp_basic_properties_t persistent = {0};
  persistent._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
  persistent.delivery_mode = 2;
  CHECK(amqp_confirm_select(c, 1));
  for (int i = 0; i < 50; i++) CHECK(amqp_basic_publish(c, 1, amqp_empty_bytes, q, 0, 0, &persistent, text("m")) == AMQP_STATUS_OK);
  for (unsigned long confirmed = 0; confirmed < 50;) {
    struct timeval patience = {5, 0};
    amqp_frame_t frame;
    CHECK(amqp_simple_wait_frame_noblock(c, &frame, &patience) == AMQP_STATUS_OK);
    CHECK(frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD);
    amqp_basic_ack_t *ack = frame.payload.method.decoded;
    confirmed = ack->multiple ? ack->delivery_tag : confirmed + 1;
  }
}

static void a_topic_exchange_routes_by_pattern(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  amqp_message_t message;
  CHECK(amqp_queue_bind(c, 1, q, text("amq.topic"), text("c-check.*.eu"), amqp_empty_table));
  CHECK(publish(c, text("amq.topic"), text("c-check.new.us"), text("1")));
  CHECK(publish(c, text("amq.topic"), text("c-check.new.eu"), text("2")));
  CHECK(take(c, q, &message));
  CHECK(same(message.body, "2"));
}

static void an_absent_queue_closes_the_channel_with_404(amqp_connection_state_t c) {
  CHECK(!amqp_queue_declare(c, 1, text("nobody"), 1, 0, 0, 0, amqp_empty_table));
  amqp_rpc_reply_t reply = amqp_get_rpc_reply(c);
  CHECK(reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION && reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD);
  amqp_channel_close_t *closed = reply.reply.decoded;
  CHECK(closed->reply_code == 404 && same(closed->reply_text, "NOT_FOUND - no queue 'nobody' in vhost '/'"));
  amqp_channel_close_ok_t ok;
  CHECK(amqp_send_method(c, 1, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok) == AMQP_STATUS_OK);
  CHECK(amqp_channel_open(c, 1));
}

static void an_unknown_exchange_type_closes_the_connection_with_503(amqp_connection_state_t unused) {
  (void)unused;
  amqp_connection_state_t c = dial("guest", 131072);
  CHECK(c);
  CHECK(!amqp_exchange_declare(c, 1, text("c-check"), text("carousel"), 0, 0, 1, 0, amqp_empty_table));
  amqp_rpc_reply_t reply = amqp_get_rpc_reply(c);
  CHECK(reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION && reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD);
  CHECK(((amqp_connection_close_t *)reply.reply.decoded)->reply_code == 503);
  amqp_destroy_connection(c);
}

static void a_wrong_password_is_refused(amqp_connection_state_t c) {
  (void)c;
  CHECK(!dial("wrong", 131072));
}

static void a_full_queue_drops_its_oldest(amqp_connection_state_t c) {
  amqp_table_entry_t bound;
  bound.key = text("x-max-length");
  bound.value.kind = AMQP_FIELD_KIND_I32;
  bound.value.value.i32 = 1;
  amqp_table_t arguments = {1, &bound};
  amqp_bytes_t q = queue(c, arguments);
  amqp_message_t message;
  CHECK(publish(c, amqp_empty_bytes, q, text("old")));
  CHECK(publish(c, amqp_empty_bytes, q, text("new")));
  CHECK(take(c, q, &message));
  CHECK(same(message.body, "new"));
}

static void a_transaction_publishes_at_its_commit(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  amqp_message_t message;
  CHECK(amqp_tx_select(c, 1));
  CHECK(publish(c, amqp_empty_bytes, q, text("tx")));
  CHECK(amqp_basic_get(c, 1, q, 1).reply.id == AMQP_BASIC_GET_EMPTY_METHOD);
  CHECK(amqp_tx_commit(c, 1));
  CHECK(take(c, q, &message));
  CHECK(same(message.body, "tx"));
}

static void purge_tells_how_many_messages_went(amqp_connection_state_t c) {
  amqp_bytes_t q = queue(c, amqp_empty_table);
  for (int i = 0; i < 3; i++) CHECK(publish(c, amqp_empty_bytes, q, text("m")));
  amqp_queue_purge_ok_t *ok = amqp_queue_purge(c, 1, q);
  CHECK(ok && ok->message_count == 3);
}

static void check(const char *name, void (*behaviour)(amqp_connection_state_t)) {
  failure = NULL;
  amqp_connection_state_t c = dial("guest", 131072);
  if (!c) {
    failure = "connect";
  } else {
    behaviour(c);
    amqp_connection_close(c, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(c);
  }
  if (failure) {
    failed++;
    printf("FAILED  c: %s: %s\n", name, failure);
  } else {
    passed++;
    printf("ok      c: %s\n", name);
  }
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: check HOST PORT\n");
    return 2;
  }
  host = argv[1];
  port = atoi(argv[2]);
  check("publish and get", publish_and_get);
  check("properties and headers arrive", properties_and_headers_arrive);
  check("a large body arrives unchanged in small frames", a_large_body_arrives_unchanged_in_small_frames);
  check("consume in order with acknowledgements", consume_in_order_with_acknowledgements);
  check("a rejected message is redelivered", a_rejected_message_is_redelivered);
  check("publishes are confirmed", publishes_are_confirmed);
  check("a topic exchange routes by pattern", a_topic_exchange_routes_by_pattern);
  check("an absent queue closes the channel with 404", an_absent_queue_closes_the_channel_with_404);
  check("an unknown exchange type closes the connection with 503", an_unknown_exchange_type_closes_the_connection_with_503);
  check("a wrong password is refused", a_wrong_password_is_refused);
  check("a full queue drops its oldest", a_full_queue_drops_its_oldest);
  check("a transaction publishes at its commit", a_transaction_publishes_at_its_commit);
  check("purge tells how many messages went", purge_tells_how_many_messages_went);
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? 1 : 0;
}
