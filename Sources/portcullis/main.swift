internal import PortcullisCommands

PortcullisCommand.main()
