using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Indexing;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Commands;

/// <summary><c>swan index remove</c>: removes rows by key.</summary>
internal static class IndexRemoveCommand
{
    private static readonly Argument<string> Index = IndexOptions.Index();
    private static readonly Argument<string[]> Keys = new("key") { Description = "Keys of the rows.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("remove", "Removes rows from an index; the images' files stay.", "swan index remove gallery north/0001.jpg")
            .With(Index).With(Keys).With("Output", Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        using SwanLiveIndex index = LivingIndex.Open(parsed.GetRequiredValue(Index));
        string[] keys = [.. parsed.GetRequiredValue(Keys).Distinct(StringComparer.Ordinal)];
        string[] missing;
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            try
            {
                missing = [.. keys.Where(key => !writer.Remove(key))];
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Sentence());
            }
            writer.Commit(cancellation);
        }
        // What is wanted is so: removing twice is no fault.
        foreach (string key in missing) Console.Error.WriteLine($"swan: No row has the key '{key}'.");
        int removed = keys.Length - missing.Length;
        if (parsed.GetValue(Json))
        {
            JsonOutput.Write(new JsonObject
            {
                ["index"] = index.Folder, ["rows"] = index.Count, ["removed"] = removed, ["missing"] = missing.Length,
                ["generation"] = index.Generation,
            });
            return ExitCode.Done;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"'{index.Folder}' has {Counted.Of(index.Count, "row")}: {removed:N0} removed, {missing.Length:N0} not there."));
        return ExitCode.Done;
    }
}
