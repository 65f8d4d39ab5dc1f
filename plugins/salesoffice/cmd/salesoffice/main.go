// Command salesoffice serves the plugin of package salesoffice, to be built and shipped
// alone. A server starts it; by hand it only prints a hint.
package main

import (
	"github.com/seed-34fcb60d/rounds/plugins/salesoffice"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

func main() { sdk.Serve(salesoffice.New()) }
