package rules

import "time"

// Keeping is what decides when a customer is contacted next (R-CUS-5).
type Keeping struct {
	Agreed bool       // the customer agreed to be kept in touch with
	Every  int        // days between two contacts; 0: there are no regular ones
	Last   time.Time  // the last contact, or since when the customer is known
	Again  *time.Time // when the customer wants to be contacted again; nil where nothing was agreed
}

// NextContact returns when the customer is to be contacted next, nil for never: at the
// time agreed with the customer, else an interval after the last contact. Nobody is
// contacted who has not agreed to it.
func NextContact(k Keeping) *time.Time {
	switch {
	case !k.Agreed:
		return nil
	case k.Again != nil:
		return k.Again
	case k.Every <= 0:
		return nil
	default:
		return new(k.Last.Add(time.Duration(k.Every) * 24 * time.Hour))
	}
}
