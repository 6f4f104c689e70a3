using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.KillIndex;

/// <summary>Writes batch after batch, and says each batch's number when it is committed.</summary>
internal static class BatchWriter
{
    public static void Run(string folder, int seed)
    {
        EndWithParent();
        using SwanLiveIndex index = File.Exists(Path.Combine(folder, "manifest.json"))
            ? SwanLiveIndex.Open(folder)
            : SwanLiveIndex.Create(folder, new SwanIndexSettings(BatchModel.EmbeddingSize)
            {
                // Half of the runs have bytes beside the rows.
                Scan = seed % 2 == 0 ? SwanIndexScan.Float32 : SwanIndexScan.Int8,
                Columns = [new(BatchModel.Number, SwanColumnType.Number), new(BatchModel.Rows, SwanColumnType.Number)],
            });
        using SwanIndexWriter writer = index.OpenWriter(new SwanIndexWriterOptions { BufferBytes = 1 << 20 });
        int last = writer.Find(BatchModel.Marker)?.Values[BatchModel.Number] is double number ? (int)number : 0;
        var model = new BatchModel(seed);
        while (model.Batch < last) model.Next();
        Say("ready", last);
        while (true)
        {
            int batch = model.Batch + 1;
            if (batch >= BatchModel.LateFrom) writer.AddColumn(new SwanColumn(BatchModel.Late, SwanColumnType.Text));
            model.Next(
                key => writer.Upsert(key, BatchModel.Embedding(key, batch), model.Values(key, batch)),
                key => writer.Remove(key));
            writer.Upsert(BatchModel.Marker, BatchModel.Embedding(BatchModel.Marker, batch), model.Values(BatchModel.Marker, batch));
            writer.Commit();
            Say("committed", batch);
            Reembed(writer, batch);
            if (batch % 11 == 0) writer.Compact();
        }
    }

    // Begins a re-embedding every sixth batch, goes on with it in the next ones, and completes it; every other one is abandoned. The rows
    // stay what they are, so that the model needs to know nothing of it.
    private static void Reembed(SwanIndexWriter writer, int batch)
    {
        if (batch % 6 == 0) writer.Reembedding?.Abandon();
        if (batch % 6 == 0) writer.BeginReembedding(new ModelIdentity("again", $"{batch}"), BatchModel.EmbeddingSize);
        if (writer.Reembedding is not { } reembedding) return;
        bool ends = batch % 6 == 3;
        if (ends && batch % 12 == 3)
        {
            reembedding.Abandon();
            return;
        }
        foreach (SwanRow row in reembedding.Pending().Take(ends ? int.MaxValue : 100).ToArray())
            reembedding.Add(row.Key, row.Embedding.Span);
        if (ends) reembedding.Complete();
    }

    // Whoever ends the process that kills, and so closes this pipe, ends this one, too.
    private static void EndWithParent() => new Thread(() =>
    {
        Console.In.ReadToEnd();
        Environment.Exit(3);
    }) { IsBackground = true }.Start();

    private static void Say(string what, int batch)
    {
        Console.WriteLine($"{what} {batch}");
        Console.Out.Flush();
    }
}
