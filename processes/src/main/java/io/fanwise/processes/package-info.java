/// Worker JVMs on this host: where a task may crash, leak or hang and harm nothing else.
@NullMarked
package io.fanwise.processes;

import org.jspecify.annotations.NullMarked;
