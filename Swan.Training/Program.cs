return await Swan.Training.Commands.SwanCommand.RunAsync(args);
