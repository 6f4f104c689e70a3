#:project ../Swan.Batch/Swan.Batch.csproj
#:property PublishAot=false

// Prints the rows of a batch job that count, one a line: image, hash, what is wrong with it, and its vector's bits. For build/kill-tests.

using System.Globalization;
using Parquet;
using Parquet.Schema;
using Swan.Batch;
using Swan.Batch.Stores;

if (args is not [string output])
{
    Console.Error.WriteLine("Usage: dotnet run -c Release build/job-rows.cs -- OUT");
    return 2;
}
using var store = new FolderStore(output);
var files = new Dictionary<string, float[][]>();
await foreach (BatchRow row in BatchJob.GetRowsAsync(store))
{
    float[] vector = [];
    if (row.File is { } file)
    {
        if (!files.TryGetValue(file, out float[][]? vectors)) files[file] = vectors = await ReadAsync(Path.Combine(output, file));
        vector = vectors[row.Row];
    }
    Console.WriteLine($"{row.Image} {row.Hash} {row.Fault} {string.Join(',', vector.Select(BitConverter.SingleToInt32Bits))}");
}
return 0;

static async Task<float[][]> ReadAsync(string file)
{
    await using ParquetReader reader = await ParquetReader.CreateAsync(file);
    DataField field = reader.Schema.GetDataFields().Single(f => f.Path.FirstPart == "embedding");
    int size = int.Parse(reader.CustomMetadata["swan.embedding_size"], CultureInfo.InvariantCulture);
    var vectors = new List<float[]>();
    for (int g = 0; g < reader.RowGroupCount; g++)
    {
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
        float[] values = new float[(int)group.RowCount * size];
        await group.ReadRawAsync<float>(field, values, new int[values.Length], new int[values.Length]);
        vectors.AddRange(values.Chunk(size));
    }
    return [.. vectors];
}
