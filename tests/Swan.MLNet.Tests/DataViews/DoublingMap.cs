using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Tests.DataViews;

/// <summary>Adds a column with twice the number, and writes down what it is asked to do.</summary>
internal sealed class DoublingMap(DataViewSchema schema, int batchSize, bool prepares, Predicate<float>? drops = null)
    : RowMap(schema, [schema["Number"]], [new DataViewSchema.DetachedColumn("Double", NumberDataViewType.Single)], batchSize)
{
    public List<string> Diary { get; } = [];

    public int Batches { get; private set; }

    public override bool DropsRows => drops is not null;

    public override RowBatch CreateBatch(DataViewRow row, int capacity) => new Doubles(this, row, capacity);

    private bool Prepares => prepares;

    private bool Drops(float number) => drops!(number);

    private sealed class Doubles : RowBatch
    {
        private readonly DoublingMap _map;
        private readonly DataViewRow _row;
        private readonly ValueGetter<float> _number;
        private readonly float[] _taken;
        private readonly float[] _doubles;
        private int _count;

        public Doubles(DoublingMap map, DataViewRow row, int capacity)
        {
            _map = map;
            _row = row;
            _number = row.GetGetter<float>(row.Schema["Number"]);
            _taken = new float[capacity];
            _doubles = new float[capacity];
            map.Batches++;
        }

        public override void Clear() => _count = 0;

        public override void Add() => _number(ref _taken[_count++]);

        public override void Prepare() => _map.Diary.Add($"prepare {Rows}");

        public override RowBatch? Twin() => _map.Prepares ? new Doubles(_map, _row, _taken.Length) : null;

        public override void Compute()
        {
            for (int i = 0; i < _count; i++) _doubles[i] = 2 * _taken[i];
            _map.Diary.Add($"compute {Rows}");
        }

        public override bool Drops(int slot) => _map.Drops(_taken[slot]);

        public override void Reached(int slot) => _map.Diary.Add($"read {_taken[slot]}");

        public override Delegate Getter(int column, Func<int> slot) => (ValueGetter<float>)((ref float value) => value = _doubles[slot()]);

        private string Rows => $"{_taken[0]}-{_taken[_count - 1]}";
    }
}
