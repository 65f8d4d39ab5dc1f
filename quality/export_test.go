package quality

// CalendarOf is calendarOf, for tests.
var CalendarOf = calendarOf

// EraseAttachments is eraseAttachments, for tests.
var EraseAttachments = eraseAttachments

// ErasedColumns are the columns that are erased with a customer, such as
// "customers.name".
func ErasedColumns() map[string]bool {
	all := map[string]bool{}
	for _, p := range personalData {
		for column := range p.columns {
			all[p.table+"."+column] = true
		}
	}
	return all
}
