using Swan.Cli;
using Swan.Cli.Display;

// Errors that can't be written, as to a full disk, are no reason to end what is at work.
Console.SetError(TextWriter.Synchronized(new LogWriter(Console.Error)));
return await SwanCommand.RunAsync(args).ConfigureAwait(false);
