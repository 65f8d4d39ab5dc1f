package events

// LockHead is the statement that a server begins to put events in order with.
const LockHead = lockHead
