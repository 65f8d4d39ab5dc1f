package wire

import (
	"encoding/json"
	"errors"

	"github.com/99designs/gqlgen/graphql"
)

// subprotocol is https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
const subprotocol = "graphql-transport-ws"

// The types of its messages.
const (
	messageInit      = "connection_init"
	messageAck       = "connection_ack"
	messagePing      = "ping"
	messagePong      = "pong"
	messageSubscribe = "subscribe"
	messageNext      = "next"
	messageError     = "error"
	messageComplete  = "complete"
)

// message is what a client sent.
type message struct {
	kind   string
	id     string             // of subscribe and complete; 1 to 256 bytes there
	init   map[string]any     // payload of connection_init; never nil there
	params *graphql.RawParams // payload of subscribe; never nil there
}

// maxID bounds the id of an operation, in bytes: each of its messages repeats it.
const maxID = 256

var errMessage = errors.New("not a message of " + subprotocol)

// parseMessage reads a message from a client. Messages that only servers send are
// errors, as is everything else that the protocol does not allow.
func parseMessage(data []byte) (message, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return message{}, errMessage
	}
	var m message
	if json.Unmarshal(orNull(members["type"]), &m.kind) != nil {
		return message{}, errMessage
	}
	payload := members["payload"]
	switch m.kind {
	case messageInit:
		init, problem := decodeMap("payload", payload)
		if problem != nil {
			return message{}, errMessage
		}
		if m.init = init; m.init == nil {
			m.init = map[string]any{}
		}
		return m, nil
	case messagePing, messagePong:
		if _, problem := decodeMap("payload", payload); problem != nil {
			return message{}, errMessage
		}
		return m, nil
	case messageSubscribe, messageComplete:
		if json.Unmarshal(orNull(members["id"]), &m.id) != nil || m.id == "" || len(m.id) > maxID {
			return message{}, errMessage
		}
		if m.kind == messageComplete {
			return m, nil
		}
		params, problem := decodeParams(payload)
		if problem != nil {
			return message{}, errMessage
		}
		m.params = params
		return m, nil
	default:
		return message{}, errMessage
	}
}

// newMessage makes a message for the operation id; payload, if there is one,
// appends its payload.
func newMessage(kind, id string, payload func(dst []byte) []byte) []byte {
	m := appendJSON([]byte(`{"id":`), id)
	m = append(m, `,"type":"`+kind+`"`...)
	if payload != nil {
		m = payload(append(m, `,"payload":`...))
	}
	return append(m, '}')
}
