package rules

import "github.com/seed-34fcb60d/rounds/ent/db/casetask"

// TaskStep is something that is done to a task within a case.
type TaskStep string

// The steps of a task.
const (
	TakeTask     TaskStep = "TAKE"     // somebody in the department will do it
	CompleteTask TaskStep = "COMPLETE" // it is done
	CancelTask   TaskStep = "CANCEL"   // it is no longer wanted
)

// taskCourse says where each step leads from each station; what is missing is not
// allowed.
var taskCourse = map[casetask.Status]map[TaskStep]casetask.Status{
	casetask.StatusOPEN:     {TakeTask: casetask.StatusACCEPTED, CancelTask: casetask.StatusCANCELLED},
	casetask.StatusACCEPTED: {CompleteTask: casetask.StatusDONE, CancelTask: casetask.StatusCANCELLED},
}

// NextTask returns the station to which the step leads, and false if the step is
// not allowed at the station.
func NextTask(at casetask.Status, step TaskStep) (casetask.Status, bool) {
	next, ok := taskCourse[at][step]
	return next, ok
}
