#!/usr/bin/env bash
# rabbitmq.sh start|stop|restart|memory-alarm|memory-fine HOME
# Debian's rabbitmq-server on loopback, on free ports, with its data under HOME. start prints the AMQP and the management port.
set -euo pipefail
command=$1 home=$2
state=$home/ports

free_ports() { # $1 = how many
  python3 - "$1" <<'PY'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))
PY
}

if [ "$command" = start ]; then
  mkdir -p "$home/data" "$home/log"
  free_ports 4 > "$state"
fi
[ -e "$state" ] || exit 0
read -r amqp management dist epmd < "$state"

export HOME=$home RABBITMQ_NODENAME=relais-oracle-$amqp@localhost RABBITMQ_CONF_ENV_FILE=$home/none
export RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins
export RABBITMQ_MNESIA_BASE=$home/data RABBITMQ_LOG_BASE=$home/log RABBITMQ_LOGS=$home/log/rabbit.log
export RABBITMQ_DIST_PORT=$dist ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd RABBITMQ_NODE_IP_ADDRESS=
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
sbin=$(ls -d /usr/lib/rabbitmq/lib/*/sbin 2>/dev/null | tail -1)
[ -n "$sbin" ] || { echo "rabbitmq-server is not installed" >&2; exit 1; }

serve() {
  setsid "$sbin/rabbitmq-server" > "$home/out" 2>&1 < /dev/null &
  echo $! > "$home/pid"
  "$sbin/rabbitmqctl" await_startup --timeout 50 > /dev/null 2>&1 || sleep 1
  for _ in $(seq 200); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$amqp") 2>/dev/null; then return; fi
    sleep 0.1
  done
  cat "$home/out" >&2
  exit 1
}
halt() {
  "$sbin/rabbitmqctl" stop > /dev/null 2>&1 || true
  for _ in $(seq 100); do
    kill -0 -- "-$(cat "$home/pid")" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 -- "-$(cat "$home/pid")"
}

case $command in
  start)
    echo "[rabbitmq_management]." > "$home/enabled_plugins"
    cat > "$RABBITMQ_CONFIG_FILE" <<CONF
listeners.tcp.1 = 127.0.0.1:$amqp
management.tcp.ip = 127.0.0.1
management.tcp.port = $management
log.file.level = warning
disk_free_limit.absolute = 50MB
CONF
    serve
    echo "$amqp $management" ;;
  restart) halt; serve ;;
  memory-alarm) "$sbin/rabbitmqctl" -q set_vm_memory_high_watermark 0.000001 > /dev/null ;;
  memory-fine) "$sbin/rabbitmqctl" -q set_vm_memory_high_watermark 0.8 > /dev/null ;;
  stop)
    [ ! -e "$home/pid" ] || halt
    # epmd, if it was started for this node alone, ends with it
    { ERL_EPMD_PORT=$epmd epmd -port "$epmd" -kill > /dev/null 2>&1; } || true
    rm -rf "$home" ;;
esac
