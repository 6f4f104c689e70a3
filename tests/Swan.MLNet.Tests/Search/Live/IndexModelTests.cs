using CsCheck;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

/// <summary>Whatever is done with an index, it holds what a dictionary holds with which the same is done.</summary>
public sealed class IndexModelTests
{
    private const int Size = 5;

    private enum Step
    {
        Upsert, UpsertMany, SetValues, Remove, Commit, Compact, Reopen, Drop, AddColumn, Reembed,
    }

    [Fact]
    public void An_index_holds_what_a_dictionary_holds() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 12], Gen.Int[0, 5]).Array[1, 60])
            .Sample((int8, steps) =>
            {
                using var run = new ModelRun(int8);
                foreach ((Step step, int key, int value) in steps) run.Do(step, key, value);
                run.Finish();
            }, iter: 150);

    private sealed class ModelRun : IDisposable
    {
        private static readonly SwanColumn[] s_columns =
            [new("a", SwanColumnType.Number), new("b", SwanColumnType.Text), new("c", SwanColumnType.Boolean)];

        private readonly LiveFolder _folder = new();
        private readonly SwanLiveIndex _reader;
        private SwanLiveIndex _index;
        private SwanIndexWriter _writer;
        private Dictionary<string, (float[] Row, object?[] Values)> _committed = [], _now = [];
        private int _columns = 1, _committedColumns = 1, _shift;

        public ModelRun(bool int8)
        {
            _index = _folder.Create(Size, int8 ? SwanIndexScan.Int8 : SwanIndexScan.Float32, s_columns[0]);
            _writer = _index.OpenWriter();
            _reader = _folder.Open();
        }

        public void Do(Step step, int key, int value)
        {
            string name = $"key {key}";
            float[] row = LiveFolder.Row(key * 10 + value % 3 + _shift, Size);
            object?[] values = [.. s_columns.Take(_columns).Select((column, i) => Value(i, value))];
            switch (step)
            {
                case Step.Upsert:
                    SwanRowChange expected = !_now.TryGetValue(name, out var before) ? SwanRowChange.Added
                        : before.Row.SequenceEqual(row) && Same(before.Values, values) ? SwanRowChange.Unchanged : SwanRowChange.Replaced;
                    Assert.Equal(expected, _writer.Upsert(name, row, Named(values)));
                    _now[name] = (row, values);
                    break;
                case Step.UpsertMany:
                    string[] keys = [.. Enumerable.Range(key, 5).Select(i => $"key {i % 13}")];
                    _writer.UpsertMany(keys, keys.SelectMany(_ => row).ToArray());
                    foreach (string one in keys) _now[one] = (row, []);
                    break;
                case Step.SetValues:
                    bool known = _now.TryGetValue(name, out var old);
                    Assert.Equal(known, _writer.SetValues(name, Named(values)) != SwanRowChange.Missing);
                    if (known) _now[name] = (old.Row, values);
                    break;
                case Step.Remove:
                    Assert.Equal(_now.Remove(name), _writer.Remove(name));
                    break;
                case Step.Commit:
                    _writer.Commit();
                    Committed();
                    break;
                case Step.Compact:
                    _writer.Compact();
                    break;
                case Step.Reopen:
                    _writer.Commit();
                    Committed();
                    Reopen();
                    break;
                case Step.Drop:
                    (_now, _columns) = (new(_committed), _committedColumns);
                    Reopen();
                    break;
                case Step.AddColumn when _columns < s_columns.Length:
                    _writer.AddColumn(s_columns[_columns++]);
                    break;
                case Step.Reembed:
                    Reembed(value);
                    break;
            }
            Assert.Equal(_now.Count, _writer.Count);
            Compare(_index, _committed);
            Compare(_reader, _committed);
        }

        public void Finish()
        {
            _writer.Commit();
            Committed();
            Compare(_reader, _committed);
            _reader.Verify();
            _writer.Compact();
            Compare(_reader, _committed);
            _reader.Verify();
            using SwanIndexSnapshot snapshot = _reader.Snapshot();
            snapshot.CopyTo(_folder.Path("copy"));
            using SwanLiveIndex copy = SwanLiveIndex.Open(_folder.Path("copy"));
            Compare(copy, _committed);
            copy.Verify();
        }

        public void Dispose()
        {
            _writer.Dispose();
            _index.Dispose();
            _reader.Dispose();
            _folder.Dispose();
        }

        // To another model, and to the end; the model's rows are others.
        private void Reembed(int value)
        {
            _shift += 1000;
            SwanIndexReembedding reembedding =
                _writer.Reembedding ?? _writer.BeginReembedding(new ModelIdentity("m", $"{_shift}"), Size);
            SwanRow[] pending = [.. reembedding.Pending()];
            foreach (SwanRow row in pending.Take(value < 3 ? 3 : int.MaxValue))
            {
                float[] next = [.. row.Embedding.ToArray().Reverse()];
                Assert.True(reembedding.Add(row.Key, next));
            }
            if (value < 3)
            {
                _writer.Commit();
                Committed();
                Reopen();
                return;
            }
            reembedding.Complete();
            // Rows that were embedded before and have not changed since have the new embedding, too.
            foreach ((string key, (float[] row, object?[] values)) in _now.ToArray())
                _now[key] = ([.. row.Reverse()], values);
            Committed();
        }

        private void Committed() => (_committed, _committedColumns) = (new(_now), _columns);

        private void Reopen()
        {
            _writer.Dispose();
            _index.Dispose();
            _index = _folder.Open();
            _writer = _index.OpenWriter();
        }

        private void Compare(SwanLiveIndex index, Dictionary<string, (float[] Row, object?[] Values)> expected)
        {
            using SwanIndexSnapshot snapshot = index.Snapshot();
            Assert.Equal(expected.Count, snapshot.Count);
            SwanRow[] rows = [.. snapshot.Rows()];
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), rows.Select(row => row.Key).Order(StringComparer.Ordinal));
            foreach (SwanRow row in rows)
            {
                (float[] values, object?[] columns) = expected[row.Key];
                Assert.Equal(values, row.Embedding.ToArray());
                Assert.True(Same(columns, [.. row.Values.Values]), row.Key);
                Assert.True(snapshot.TryGet(row.Key, out SwanRow? found) && found.Embedding.Span.SequenceEqual(row.Embedding.Span));
            }
            if (rows.Length == 0) return;
            float[] query = rows[0].Embedding.ToArray();
            SwanHit[] hits = snapshot.Search(query, rows.Length);
            Assert.Equal(rows.Length, hits.Length);
            Assert.Equal(
                hits.Select(hit => hit.Key),
                snapshot.ToSwanIndex(TestContext.Current.CancellationToken).Search(query, rows.Length).Select(hit => hit.Key));
        }

        private static object? Value(int column, int value) => value == 0 ? null : column switch
        {
            0 => (double)value,
            1 => $"text {value}",
            _ => value % 2 == 0,
        };

        private Dictionary<string, object?> Named(object?[] values) =>
            values.Select((value, i) => (s_columns[i].Name, value)).ToDictionary(p => p.Name, p => p.value);

        // Columns that came later are missing.
        private static bool Same(object?[] a, object?[] b) =>
            Enumerable.Range(0, Math.Max(a.Length, b.Length)).All(i => Equals(a.ElementAtOrDefault(i), b.ElementAtOrDefault(i)));
    }
}
