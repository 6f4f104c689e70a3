using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>Brings what a command line names into an index, and says what became of it.</summary>
/// <param name="input">The command line.</param>
/// <param name="json">Whether the answer is JSON.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class IndexFilling(IndexInputValues input, bool json, CancellationToken cancellation) : IDisposable
{
    private SwanModel? _model;

    /// <summary>The model that embeds, opened once.</summary>
    public SwanModel Model => _model ??= ModelFile.Open(input.Model, input.Device);

    /// <summary>Fills an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="images">The files of --images; null: none.</param>
    /// <param name="listed">What else is in their folder, for JSON.</param>
    /// <exception cref="SwanMismatchException">The images' model or range is not the index's.</exception>
    public void Run(SwanLiveIndex index, IReadOnlyList<ImageFile>? images, JsonObject listed)
    {
        ValuesFile? values = input.Columns is { } file ? ValuesFile.Read(file, input.KeyColumn) : null;
        using SwanIndexWriter writer = index.OpenWriter();
        // With the types that no other process can change now.
        ValuesTable table = Table(values, writer);
        var display = new WorkDisplay(images is null ? "rows" : "images", json);
        AddedImages done = default;
        display.Show(() =>
        {
            if (images is not null)
            {
                // Before files are compared: where none has changed, what doesn't fit is said, too.
                RequireFit(index);
                var adding = new ImageAdding(writer, table, display, cancellation);
                done = adding.Run(images, () => Model, GivenRange.Complete(input.Pictures, index.GivenRange));
            }
            else
            {
                if (input.From is { } from)
                {
                    done = new RowsImport(input, from).Run(index, writer, display, cancellation);
                    foreach (SwanColumn column in writer.Columns) ValuesTable.RequireType(column, input.Types);
                    // The rows may have brought columns of the same names.
                    table = Table(values, writer);
                }
                done = done with { Revalued = table.SetAll(writer, cancellation) };
                writer.Commit(cancellation);
            }
        });
        Say(index, writer, table, done, listed);
    }

    public void Dispose() => _model?.Dispose();

    private ValuesTable Table(ValuesFile? values, SwanIndexWriter writer) =>
        values is null ? ValuesTable.None : ValuesTable.From(values, writer.Columns, input.Types);

    private void RequireFit(SwanLiveIndex index)
    {
        IndexModel.RequireFit(index, index.Folder, _model?.Card ?? ModelFile.CardOf(input.Model), input.Model is null);
        var range = GivenRange.Of(GivenRange.Complete(input.Pictures, index.GivenRange));
        if (!GivenRange.Agree(index.GivenRange, range))
        {
            throw new SwanMismatchException(
                $"'{index.Folder}' has images read with {index.GivenRange}, but these would be read with {range}: "
                + $"{GivenRange.Consequence}.");
        }
    }

    private void Say(SwanLiveIndex index, SwanIndexWriter writer, ValuesTable table, AddedImages done, JsonObject listed)
    {
        foreach (string empty in table.Empty)
        {
            Console.Error.WriteLine($"swan: The column '{empty}' of '{input.Columns}' has no value, so its type is unknown and it was left "
                + $"out. Add it with --type {empty}=number.");
        }
        foreach (string typed in input.Types.Keys.Where(name => writer.Columns.All(column => column.Name != name)))
            Console.Error.WriteLine($"swan: --type names the column '{typed}', but the index has none of this name.");
        int unknown = table.Rows.Keys.Count(key => !writer.Contains(key));
        if (unknown > 0)
        {
            Console.Error.WriteLine(
                $"swan: {Counted.Of(unknown, "row")} of '{input.Columns}' {Counted.Verb(unknown, "has a key", "have keys")} that the index "
                + $"doesn't have, such as '{table.Rows.Keys.First(key => !writer.Contains(key))}'. Keys are paths inside the "
                + "folder of images.");
        }
        if (json)
        {
            JsonOutput.Write(new JsonObject([
                .. (KeyValuePair<string, JsonNode?>[])
                [
                    new("index", index.Folder), new("rows", index.Count), new("added", done.Added), new("replaced", done.Replaced),
                    new("revalued", done.Revalued), new("unchanged", done.Unchanged), new("unreadable", done.Unreadable),
                    new("removed", done.Removed), new("valuesOfNoRow", unknown), new("keysOfOtherFolders", done.OfOthers),
                    new("generation", index.Generation),
                ],
                .. listed.Select(l => KeyValuePair.Create(l.Key, l.Value?.DeepClone())),
            ]));
            return;
        }
        string removed = done.Removed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {done.Removed:N0} removed");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"'{index.Folder}' has {Counted.Of(index.Count, "row")}: {done.Added:N0} added, {done.Replaced:N0} replaced, "
            + $"{done.Revalued:N0} with new values, {done.Unchanged:N0} unchanged, {done.Unreadable:N0} unreadable{removed}."));
    }
}
