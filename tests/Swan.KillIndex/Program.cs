// Kills processes that write an index, and compares what they leave with what they said they had committed. See build/kill-index.
//   Swan.KillIndex kill ROUNDS SEED   kills ROUNDS writers at random moments; ends with 1 where something is lost, doubled or torn
//   Swan.KillIndex write FOLDER SEED  writes batch after batch until it is killed
//   Swan.KillIndex open FOLDER        opens a writer and ends; with 1 where there is another one
using System.Globalization;
using Swan.KillIndex;
using Swan.MLNet.Search;

if (args is ["write", var folder, var itsSeed])
{
    BatchWriter.Run(folder, int.Parse(itsSeed, CultureInfo.InvariantCulture));
    return 0;
}
if (args is ["open", var opened])
{
    try
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(opened);
        index.OpenWriter().Dispose();
        return 0;
    }
    catch (SwanIndexLockedException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}
if (args is ["kill", var rounds, var seed])
{
    return new KillRounds(int.Parse(seed, CultureInfo.InvariantCulture)).Run(int.Parse(rounds, CultureInfo.InvariantCulture));
}
Console.Error.WriteLine("usage: Swan.KillIndex kill ROUNDS SEED | write FOLDER SEED | open FOLDER");
return 2;
