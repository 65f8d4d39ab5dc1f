// Command badplugin serves the plugin of package badplugin, does one of its
// forbidden acts unconfined, or is a host and measures what becomes of it. The tests of the host build and start it.
package main

import (
	"fmt"
	"os"

	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

func main() {
	switch args := append(os.Args[1:], "", "", ""); args[0] {
	case "serve":
		badplugin.Serve(args[1], args[2], args[3])
	case "act":
		if err := badplugin.Try(args[1], args[2]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	case "measure":
		if err := measure(args[1], args[2], args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	case "bare":
		if err := badplugin.ServeBare(args[1], args[2]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	case "wait":
		select {}
	}
}
