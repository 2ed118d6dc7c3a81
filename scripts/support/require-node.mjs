// Imported first by what people start: says in one sentence that their Node is too old, before newer words are read.
import { runInThisContext } from 'node:vm';
import { oldNodeCheck } from './oldest-node.mjs';

runInThisContext(`(function(process){${oldNodeCheck('Latchkey')}})`)(process);
