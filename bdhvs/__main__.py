from bdhvs.cli import main

main()
