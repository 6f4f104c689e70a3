return await Swan.Cli.SwanCommand.RunAsync(args);
