using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Compares all that an index holds with what was written, and with what searches rely on.</summary>
internal sealed class IndexVerification(IndexState state, IProgress<SwanIndexProgress>? progress, CancellationToken cancellation)
{
    private readonly long _total = state.Manifest.Rows.Segments.Concat(state.Manifest.Reembedded?.Segments ?? [])
        .Sum(segment => segment.Bytes);
    private long _done;

    public void Run()
    {
        Segments(state.Segments);
        if (state.Manifest.Reembedded is { } reembedded) Reembedded(reembedded);
    }

    // No search reads them, but the next writer goes on with them.
    private void Reembedded(ManifestRows rows)
    {
        LiveSegment[] segments;
        try
        {
            segments = IndexState.OpenReembedded(state.Folder, rows);
        }
        catch (SwanFormatException) when (!IsLatest())
        {
            // A writer has removed them since: they belonged to a state that is no longer the latest.
            return;
        }
        try
        {
            Segments(segments);
        }
        finally
        {
            foreach (LiveSegment segment in segments) segment.Segment.Leave();
        }
    }

    private void Segments(LiveSegment[] segments)
    {
        for (int i = 0; i < segments.Length; i++)
        {
            LiveSegment segment = segments[i];
            using var pass = new RowsInOrder(segment.Segment);
            Deleted(segment);
            long before = _done;
            Bytes(segment.Segment);
            Rows(segment.Segment);
            Keys(segments, i);
            foreach (SwanColumn column in state.Columns) Values(segment.Segment, column);
            Report(before + segment.Segment.Named.Bytes - _done);
        }
    }

    private void Deleted(LiveSegment segment)
    {
        if (segment is not { Deleted: { } deleted, DeletedFile: { } file }) return;
        try
        {
            if (!DeletedRows.Read(state.Folder, file, segment.Segment.Count).Words.SequenceEqual(deleted.Words))
                throw IndexDamage.Error(state.Folder, file.File, "doesn't have the rows that were read");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // For a state that is no longer the latest, it was compared when it was opened.
            if (IsLatest()) throw IndexDamage.Error(state.Folder, file.File, "is missing, although the manifest names it", e);
        }
    }

    private bool IsLatest()
    {
        try
        {
            return IndexManifestFile.ReadBytes(state.Folder).AsSpan().SequenceEqual(state.ManifestBytes);
        }
        catch (IOException)
        {
            // The folder was moved.
            return false;
        }
    }

    private void Bytes(Segment segment)
    {
        segment.VerifyTable();
        foreach (SegmentPart part in segment.Parts)
        {
            for (int chunk = 0; chunk < part.Chunks; chunk++)
            {
                cancellation.ThrowIfCancellationRequested();
                // Again, although it may have been compared: the disk may have lost it since.
                Report(part.VerifyChunk(chunk));
            }
        }
    }

    private void Rows(Segment segment)
    {
        for (int row = 0; row < segment.Count; row++)
        {
            if (row % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            if (!UnitVector.IsUnit(segment.Row(row))) throw segment.Damaged($"has a row {row:N0} that is not of unit length");
        }
    }

    private void Keys(LiveSegment[] segments, int number)
    {
        LiveSegment segment = segments[number];
        SegmentKeys keys = segment.Segment.Keys;
        var seen = new RowBits(segment.Segment.Count);
        ulong last = 0;
        for (int place = 0; place < segment.Segment.Count; place++)
        {
            if (place % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            (ulong hash, int row) = keys.ByHash(place);
            ReadOnlySpan<byte> key = keys.Utf8(row);
            if (hash < last || seen[row] || SegmentKeys.Hash(key) != hash)
                throw segment.Segment.Damaged($"has key hashes that don't match its keys, at place {place:N0}");
            (last, seen[row]) = (hash, true);
            string text = keys.Text(row);
            if (keys.Find(key, hash) != row) throw segment.Segment.Damaged($"has the key '{text}' twice");
            if (!segment.IsLive(row)) continue;
            for (int other = 0; other < number; other++)
            {
                if (segments[other].TryFind(key, hash, out _))
                    throw segment.Segment.Damaged($"has the key '{text}', which '{segments[other].Segment.Named.File}' also has");
            }
        }
    }

    private void Values(Segment segment, SwanColumn column)
    {
        if (segment.Column(column) is not { } values) return;
        for (int row = 0; row < segment.Count; row++)
        {
            if (row % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            try
            {
                column.Check(values[row]);
            }
            catch (Exception e) when (e is ArgumentException or SwanFormatException)
            {
                throw IndexDamage.Error(
                    state.Folder, segment.Named.File, $"has an invalid value of the column '{column.Name}' in row {row:N0}", e);
            }
        }
    }

    private void Report(long bytes)
    {
        _done += bytes;
        progress?.Report(new SwanIndexProgress(_done, _total));
    }
}
