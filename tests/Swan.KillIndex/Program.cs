// Programs that write an index in a process of their own, for tests.
//   Swan.KillIndex kill ROUNDS SEED   kills ROUNDS writers at random moments; ends with 1 where something is lost, doubled or torn
//   Swan.KillIndex write FOLDER SEED  writes batch after batch until it is killed
//   Swan.KillIndex open FOLDER        opens a writer and ends; with 1 where there is another one
//   Swan.KillIndex commit FOLDER      makes the index if it isn't there, adds and removes a row and commits, twice where that fails once
//   Swan.KillIndex count FOLDER TIMES adds 1 to the counter in a row TIMES times, with a writer each, waiting where there is another one
// See build/kill-index for the first two.
using System.Globalization;
using Swan.KillIndex;

switch (args)
{
    case ["write", var folder, var seed]:
        BatchWriter.Run(folder, Number(seed));
        return 0;
    case ["open", var folder]:
        return SingleWriters.Open(folder);
    case ["commit", var folder]:
        return SingleWriters.Commit(folder);
    case ["count", var folder, var times]:
        return SingleWriters.Count(folder, Number(times));
    case ["kill", var rounds, var seed]:
        return new KillRounds(Number(seed)).Run(Number(rounds));
    default:
        Console.Error.WriteLine(
            "usage: Swan.KillIndex kill ROUNDS SEED | write FOLDER SEED | open FOLDER | commit FOLDER | count FOLDER TIMES");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
