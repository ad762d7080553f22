#!/bin/sh
# Tries, with the agent's own database role, what that role has to be refused.
# WAREHOUSE_URL is how the agent's server connects; the tables are those of your warehouse.
# 0: all of it was refused. 1: something was not. 2: nothing could be tried.
set -u

ask() { psql "$WAREHOUSE_URL" -v ON_ERROR_STOP=1 -qAtc "$1" >/dev/null 2>&1; }

ask 'select 1' || { echo "the role cannot connect, so nothing is shown" >&2; exit 2; }

for statement in \
    'begin; create table bounden_probe (a int); rollback' \
    'update orders set total = total where false' \
    'delete from orders where false' \
    'select email from customers limit 1' \
    'select to_jsonb(c) from customers c limit 1' \
    "select pg_read_file('PG_VERSION')"
do
    if ask "$statement"; then
        echo "not refused: $statement" >&2
        exit 1
    fi
done
