package rules

import (
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
)

// MeasureStep is something that is done to a measure of a case.
type MeasureStep string

// The steps of a measure.
const (
	CompleteMeasure  MeasureStep = "COMPLETE"           // it is carried out
	FindEffective    MeasureStep = "FIND_EFFECTIVE"     // it has its effect
	FindNotEffective MeasureStep = "FIND_NOT_EFFECTIVE" // it has not
	CancelMeasure    MeasureStep = "CANCEL"             // it is no longer wanted
)

// measureCourse says where each step leads from each station; what is missing is not
// allowed.
var measureCourse = map[casemeasure.Status]map[MeasureStep]casemeasure.Status{
	casemeasure.StatusPLANNED: {CompleteMeasure: casemeasure.StatusCOMPLETED, CancelMeasure: casemeasure.StatusCANCELLED},
	casemeasure.StatusCOMPLETED: {FindEffective: casemeasure.StatusEFFECTIVE, FindNotEffective: casemeasure.StatusNOT_EFFECTIVE,
		CancelMeasure: casemeasure.StatusCANCELLED},
}

// NextMeasure returns the station to which the step leads, and false if the step is
// not allowed at the station.
func NextMeasure(at casemeasure.Status, step MeasureStep) (casemeasure.Status, bool) {
	next, ok := measureCourse[at][step]
	return next, ok
}

// MeasureOf returns the kind of measure that the course of a case asks for, "" if it
// asks for none.
func MeasureOf(kind servicecase.Kind) casemeasure.Kind {
	switch kind {
	case servicecase.KindINCIDENT:
		return casemeasure.KindPREVENTIVE
	case servicecase.KindSUGGESTION:
		return casemeasure.KindIMPROVEMENT
	default:
		return ""
	}
}

// InWriting reports whether what a customer says by a channel is written.
func InWriting(channel servicecase.Channel) bool {
	switch channel {
	case servicecase.ChannelEMAIL, servicecase.ChannelCHAT, servicecase.ChannelLETTER, servicecase.ChannelSURVEY, servicecase.ChannelPUBLIC_PLATFORM:
		return true
	default:
		return false
	}
}
