internal import PortcullisCommands

CommandLineTool.start()
