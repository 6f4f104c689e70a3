namespace Swan.MLNet.Search;

/// <summary>Copies a state of an index, file by file, its manifest last; what is copied is compared with its checksums.</summary>
internal sealed class IndexCopy(IndexState state, IProgress<SwanIndexProgress>? progress, CancellationToken cancellation)
{
    private const int Step = 4 << 20;

    private readonly long _total = state.Segments.Sum(segment => segment.Segment.Named.Bytes);
    private long _done;

    public void To(string path)
    {
        var folder = new IndexFolder(path);
        if (Path.Exists(folder.Path) && (!Directory.Exists(folder.Path) || Directory.EnumerateFileSystemEntries(folder.Path).Any()))
        {
            throw new IOException(
                $"'{folder.Path}' is not an empty folder, so the index was not copied there. Choose an empty folder or a new one.");
        }
        folder.Create();
        folder.CreateSegments();
        var segments = new List<ManifestSegment>();
        foreach (LiveSegment segment in state.Segments)
        {
            Copy(segment.Segment, folder);
            ManifestDeleted? deleted =
                segment.Deleted is null ? null : DeletedRows.Write(folder, segment.DeletedFile!.File, segment.Deleted);
            segments.Add(segment.Segment.Named with { Deleted = deleted });
        }
        // Unfinished embeddings of another model stay with the index where they are continued.
        IndexManifest manifest = state.Manifest with { Rows = state.Manifest.Rows with { Segments = segments }, Reembedded = null };
        IndexManifestFile.Write(folder, manifest);
        folder.Flush();
    }

    private void Copy(Segment segment, IndexFolder folder)
    {
        using AtomicFile file = folder.Create(segment.Named.File);
        using var pass = new RowsInOrder(segment);
        segment.VerifyTable();
        foreach (SegmentPart part in segment.Parts)
        {
            for (int chunk = 0; chunk < part.Chunks; chunk++)
            {
                cancellation.ThrowIfCancellationRequested();
                // Again, although a search may have compared it: the disk may have lost it since.
                part.VerifyChunk(chunk);
            }
        }
        for (long at = 0; at < segment.Named.Bytes; at += Step)
        {
            cancellation.ThrowIfCancellationRequested();
            int some = (int)Math.Min(Step, segment.Named.Bytes - at);
            // Mapped: the file may have lost its name by now.
            file.Stream.Write(segment.Bytes(at, some).Span);
            _done += some;
            progress?.Report(new SwanIndexProgress(_done, _total));
        }
        file.Commit();
    }
}
