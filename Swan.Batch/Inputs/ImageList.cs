using System.Security.Cryptography;
using Microsoft.ML.Data;
using Swan.MLNet;

namespace Swan.Batch.Inputs;

/// <summary>A file with one path a line, read as a stream, however long.</summary>
/// <remarks>A row's number is its place among the lines that aren't blank.</remarks>
/// <param name="File">UTF-8.</param>
/// <param name="Fingerprint">SHA-256 of the file, lower-case hex.</param>
/// <param name="Rows">Lines that aren't blank.</param>
internal sealed record ImageList(string File, string Fingerprint, long Rows)
{
    /// <summary>Reads the file once, for its fingerprint and rows.</summary>
    public static ImageList Open(string file, CancellationToken cancellation)
    {
        using var lines = new HashedLines(file);
        long rows = 0;
        while (lines.Next() is not null)
        {
            if (rows++ % 10_000 == 0) cancellation.ThrowIfCancellationRequested();
        }
        return new ImageList(file, lines.Fingerprint, rows);
    }

    /// <summary>The shard's rows, in the list's order.</summary>
    /// <exception cref="SwanBatchException">The file is no longer what was fingerprinted.</exception>
    public IEnumerable<ImageRow> Read(Shard shard)
    {
        using var lines = new HashedLines(File);
        for (long row = 0; lines.Next() is { } path; row++)
        {
            if (shard.Takes(row)) yield return new ImageRow { Row = row, Image = path };
        }
        if (lines.Fingerprint != Fingerprint)
        {
            throw new SwanBatchException(
                $"'{File}' was changed while it was read, so rows may be missing or doubled. Delete the output folder and start again, "
                + "with a list that nobody writes to.");
        }
    }

    /// <summary>The lines that aren't blank, and the hash of all.</summary>
    private sealed class HashedLines : IDisposable
    {
        private readonly SHA256 _hash = SHA256.Create();
        private readonly StreamReader _reader;

        public HashedLines(string file)
        {
            FilePath.ThrowIfNotText(file);
            _reader = new StreamReader(new CryptoStream(System.IO.File.OpenRead(file), _hash, CryptoStreamMode.Read));
        }

        /// <summary>Known after the last line.</summary>
        public string Fingerprint => Convert.ToHexStringLower(_hash.Hash!);

        public string? Next()
        {
            while (_reader.ReadLine() is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line)) return line;
            }
            return null;
        }

        public void Dispose()
        {
            _reader.Dispose();
            _hash.Dispose();
        }
    }
}

/// <summary>One image, as the pipeline reads it.</summary>
internal sealed class ImageRow
{
    /// <summary>Its number in the whole list, from 0: unique over all shards.</summary>
    [ColumnName(BatchSteps.RowColumn)]
    public long Row { get; set; }

    /// <summary>Its path as given.</summary>
    [ColumnName(BatchSteps.ImageColumn)]
    public string Image { get; set; } = "";
}
